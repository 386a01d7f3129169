import { generateKeyPairSync } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpPlace, RunningOp } from '../../../../demo/op/op.ts'
import { fullName, people } from '../../../../demo/op/people.ts'
import { makeDirectory, startProgram } from './program.ts'

export interface LemonLdapOptions {
  /** Seconds after a login in which `prompt=login` is answered without asking. */
  readonly forceAuthnInterval?: number
  /** Whether names are in ID Tokens too, and not at the userinfo endpoint only. Default: true. */
  readonly namesInIdTokens?: boolean
}

/**
 * LemonLDAP::NG's portal as Debian ships it, by itself, without the web server that usually stands before it. Its
 * demonstration backend takes a person's name as password, too.
 *
 * @param plackup the program that runs it
 */
export async function startLemonLdap(
  plackup: string,
  { app, clientId, port }: OpPlace,
  { forceAuthnInterval = 5, namesInIdTokens = true }: LemonLdapOptions = {},
): Promise<RunningOp> {
  const directory = await makeDirectory('lemonldap')
  const issuer = `http://localhost:${port}`
  const inside = (...path: string[]): string => join(directory, ...path)
  for (const path of ['conf', 'cache', 'sessions/lock', 'persistent/lock'])
    await mkdir(inside(path), { recursive: true })
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  const store = (path: string) => ({ Directory: inside(path), LockDirectory: inside(path, 'lock') })
  const callback = `${app}/auth/callback.html`
  const configuration = {
    cfgNum: 1,
    cfgDate: Math.floor(Date.now() / 1000),
    cfgVersion: '2.16.1',
    portal: `${issuer}/`,
    domain: 'localhost',
    cookieName: 'lemonldap',
    securedCookie: 0,
    authentication: 'Demo',
    userDB: 'Same',
    registerDB: 'Null',
    demoExportedVars: { uid: 'uid', cn: 'cn', mail: 'mail' },
    globalStorage: 'Apache::Session::File',
    globalStorageOptions: store('sessions'),
    persistentStorage: 'Apache::Session::File',
    persistentStorageOptions: store('persistent'),
    localSessionStorage: 'Cache::FileCache',
    localSessionStorageOptions: { cache_root: inside('cache'), namespace: 'sessions' },
    locationRules: { [`localhost:${port}`]: { default: 'accept' } },
    portalForceAuthnInterval: forceAuthnInterval,
    issuerDBOpenIDConnectActivation: 1,
    oidcServiceMetaDataIssuer: issuer,
    oidcServiceAllowAuthorizationCodeFlow: 1,
    oidcServiceKeyIdSig: 'key',
    oidcServicePrivateKeySig: privateKey,
    oidcServicePublicKeySig: publicKey,
    oidcRPMetaDataExportedVars: { app: { name: 'cn', email: 'mail', preferred_username: 'uid' } },
    oidcRPMetaDataOptions: {
      app: {
        oidcRPMetaDataOptionsClientID: clientId,
        oidcRPMetaDataOptionsPublic: 1,
        oidcRPMetaDataOptionsRequirePKCE: 1,
        oidcRPMetaDataOptionsIDTokenSignAlg: 'RS256',
        oidcRPMetaDataOptionsIDTokenForceClaims: namesInIdTokens ? 1 : 0,
        oidcRPMetaDataOptionsAllowOffline: 1,
        oidcRPMetaDataOptionsBypassConsent: 1,
        oidcRPMetaDataOptionsLogoutBypassConfirm: 1,
        oidcRPMetaDataOptionsRedirectUris: callback,
        oidcRPMetaDataOptionsPostLogoutRedirectUris: callback,
        oidcRPMetaDataOptionsUserIDAttr: 'uid',
        oidcRPMetaDataOptionsAccessTokenExpiration: 300,
      },
    },
  }
  await writeFile(inside('conf/lmConf-1.json'), JSON.stringify(configuration))
  await writeFile(
    inside('lemonldap-ng.ini'),
    [
      '[all]',
      'logLevel = error',
      '[configuration]',
      'type = File',
      `dirName = ${inside('conf')}`,
      '[portal]',
      'staticPrefix = /static',
      'templateDir = /usr/share/lemonldap-ng/portal/templates',
      'languages = en',
    ].join('\n'),
  )
  const accounts = people.map(
    person =>
      `${person.username} => { uid => '${person.username}', cn => '${fullName(person)}', mail => '${person.email}' },`,
  )
  await writeFile(
    inside('app.psgi'),
    `use Plack::Builder;
use Lemonldap::NG::Portal::Main;
use Lemonldap::NG::Portal::UserDB::Demo;
%Lemonldap::NG::Portal::UserDB::Demo::demoAccounts = (${accounts.join('\n')});
builder {
  enable 'Static', path => qr{^/static/}, root => '/usr/share/lemonldap-ng/portal/htdocs/';
  enable 'Static', path => sub { s{^/javascript/}{} }, root => '/usr/share/javascript/';
  Lemonldap::NG::Portal::Main->run({});
};`,
  )
  const close = await startProgram({
    command: plackup,
    args: [
      '--server',
      'Starman',
      '--workers',
      '3',
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      'app.psgi',
    ],
    env: { LLNG_DEFAULTCONFFILE: inside('lemonldap-ng.ini') },
    directory,
    answersAt: `${issuer}/.well-known/openid-configuration`,
  })
  return { issuer, clientId, close }
}
