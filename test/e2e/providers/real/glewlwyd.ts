import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { OpPlace, RunningOp } from '../../../../demo/op/op.ts'
import { fullName, people } from '../../../../demo/op/people.ts'
import type { GlewlwydPrograms } from '../../../setup/providers.ts'
import { makeDirectory, startProgram } from './program.ts'

const scope = ['openid', 'profile', 'email']

/** Glewlwyd as Debian ships it, with its own pages, on a database of its own. */
export async function startGlewlwyd(
  { glewlwyd, sqlite, schema }: GlewlwydPrograms,
  { app, clientId, port }: OpPlace,
): Promise<RunningOp> {
  const directory = await makeDirectory('glewlwyd')
  const inside = (...path: string[]): string => join(directory, ...path)
  const origin = `http://localhost:${port}`
  execFileSync(sqlite, [inside('glewlwyd.db')], {
    input: await readFile(schema),
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  await copyPages(inside('pages'), origin)
  await writeFile(inside('glewlwyd.conf'), await settings(directory, origin, port))
  const close = await startProgram({
    command: glewlwyd,
    args: ['--config-file', inside('glewlwyd.conf')],
    directory,
    answersAt: `${origin}/login.html`,
  })
  try {
    await configure(`${origin}/api`, `${app}/auth/callback.html`, clientId)
  } catch (error) {
    await close()
    throw error
  }
  return { issuer: `${origin}/api/oidc`, clientId, close }
}

/** Debian's link to the pages' settings leads to a directory, so they get a copy with the settings where they belong. */
async function copyPages(to: string, origin: string): Promise<void> {
  const filter = (path: string): boolean => basename(path) !== 'config.json'
  await cp('/usr/share/glewlwyd/webapp', to, { recursive: true, dereference: true, filter })
  const shipped = JSON.parse(await readFile('/etc/glewlwyd/config-2.7.json/config.json', 'utf8'))
  await writeFile(join(to, 'config.json'), JSON.stringify({ ...shipped, GlewlwydUrl: `${origin}/` }))
}

/** The shipped settings, but for where things are. */
async function settings(directory: string, origin: string, port: number): Promise<string> {
  const own = {
    port: String(port),
    bind_address: '"127.0.0.1"',
    external_url: `"${origin}"`,
    static_files_path: `"${join(directory, 'pages')}/"`,
    log_mode: '"console"',
    log_level: '"WARNING"',
  }
  let text = await readFile('/etc/glewlwyd/glewlwyd.conf', 'utf8')
  for (const [name, value] of Object.entries(own))
    text = text.replace(new RegExp(`^#? *${name}=.*$`, 'm'), `${name}=${value}`)
  const database = `database = { type = "sqlite3"; path = "${join(directory, 'glewlwyd.db')}"; };`
  return text.replace(/^@include .*$/m, database)
}

/** What an administrator does in Glewlwyd's pages, and each person once: consent to the app. */
async function configure(api: string, callback: string, clientId: string): Promise<void> {
  const admin = await logIn(api, 'admin', 'password')
  const always = { password_required: true, password_max_age: 0 }
  await admin('PUT', 'scope/openid', { display_name: 'openid', ...always })
  for (const name of scope.slice(1)) await admin('POST', 'scope/', { name, display_name: name, ...always })
  for (const person of people) {
    const { username, password, email } = person
    const user = { username, password, email, name: fullName(person), enabled: true, scope }
    await admin('POST', 'user/', user)
  }
  await admin('POST', 'mod/plugin/', { module: 'oidc', name: 'oidc', enabled: true, parameters: plugin(api) })
  const module = (await admin('GET', 'mod/client/database')) as ClientModule
  // Its clients lack what an app can come back to after a sign-out, until that is declared.
  const format = module.parameters['data-format']
  for (const name of ['redirect_uri', 'post_logout_redirect_uris'])
    format[name] = { multiple: true, read: true, write: true }
  await admin('PUT', 'mod/client/database', module)
  await admin('PUT', 'mod/client/database/reset')
  await admin('POST', 'client/', {
    client_id: clientId,
    name: 'Pennyworth Payments',
    enabled: true,
    confidential: false,
    scope: [],
    redirect_uri: [callback],
    post_logout_redirect_uris: [callback],
    authorization_type: ['code', 'refresh_token'],
    token_endpoint_auth_method: ['none'],
  })
  for (const { username, password } of people) {
    const person = await logIn(api, username, password)
    await person('PUT', `auth/grant/${clientId}`, { scope: scope.join(' ') })
  }
}

interface ClientModule {
  readonly parameters: { readonly 'data-format': Record<string, unknown> }
}

function plugin(api: string): Record<string, unknown> {
  const { privateKey: key, publicKey: cert } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  const grants = ['client', 'implicit', 'token', 'none', 'password', 'device']
  return {
    iss: `${api}/oidc`,
    'jwt-type': 'rsa',
    'jwt-key-size': '256',
    key,
    cert,
    'jwks-show': true,
    'access-token-duration': 300,
    'refresh-token-duration': 3600,
    'code-duration': 60,
    'refresh-token-rolling': true,
    'refresh-token-one-use': 'always',
    'allow-non-oidc': false,
    ...Object.fromEntries(grants.map(grant => [`auth-type-${grant}-enabled`, false])),
    'auth-type-code-enabled': true,
    'auth-type-code-revoke-replayed': true,
    'auth-type-refresh-enabled': true,
    'pkce-allowed': true,
    'pkce-required': true,
    'pkce-method-plain-allowed': false,
    'subject-type': 'public',
    'allowed-scope': scope,
    'name-claim': 'on-demand',
    'name-claim-scope': ['profile'],
    'email-claim': 'on-demand',
    'email-claim-scope': ['email'],
    'scope-claim': 'no',
    'session-management-allowed': true,
    'front-channel-logout-allowed': true,
    'back-channel-logout-allowed': true,
    'session-cookie-name': 'GLEWLWYD2_OIDC_SID',
    'session-cookie-expiration': 2_419_200,
    'introspection-revocation-allowed': true,
    'introspection-revocation-allow-target-client': true,
    'introspection-revocation-auth-scope': [],
    'oauth-as-iss-id': true,
    'request-parameter-allow': false,
  }
}

type Call = (method: string, path: string, body?: object) => Promise<unknown>

/** Glewlwyd's API, as somebody who has signed in. */
async function logIn(api: string, username: string, password: string): Promise<Call> {
  let cookie = ''
  const call: Call = async (method, path, body) => {
    const response = await fetch(`${api}/${path}`, {
      method,
      headers: { cookie, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`Glewlwyd answered ${method} ${path} with ${response.status}: ${text}`)
    const [set] = response.headers.getSetCookie()
    if (set !== undefined) cookie = set.split(';')[0] ?? ''
    return text === '' ? undefined : JSON.parse(text)
  }
  await call('POST', 'auth/', { username, password })
  return call
}
