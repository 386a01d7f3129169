// Finds the OpenID Providers that Debian packages, for the browser tests; run as a program, it installs them if it may.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findProgram, installPackages, onPath } from './programs.ts'

/** Where a Debian package puts what there is no program for. */
const files = {
  glewlwydSchema: '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3',
  lemonLdap: '/usr/share/perl5/Lemonldap/NG/Portal/Main.pm',
  djangoOauthToolkit: '/usr/lib/python3/dist-packages/django_oauth_toolkit-1.7.0.egg-info',
  djangoCorsHeaders: '/usr/lib/python3/dist-packages/corsheaders',
}

export interface GlewlwydPrograms {
  readonly glewlwyd: string
  readonly sqlite: string
  readonly schema: string
}

/** `GLEWLWYD_PATH` if it is set, otherwise the system's, with what makes its database. */
export function findGlewlwyd(): GlewlwydPrograms | undefined {
  const glewlwyd = findProgram('GLEWLWYD_PATH', onPath('glewlwyd'))
  const sqlite = findProgram('SQLITE3_PATH', onPath('sqlite3'))
  const schema = files.glewlwydSchema
  return glewlwyd && sqlite && existsSync(schema) ? { glewlwyd, sqlite, schema } : undefined
}

/** The `plackup` that LemonLDAP::NG's portal is run with. */
export function findLemonLdap(): string | undefined {
  const plackup = findProgram('PLACKUP_PATH', onPath('plackup'))
  return existsSync(files.lemonLdap) ? plackup : undefined
}

/** Debian's Python, if it has django-oauth-toolkit in the version that the tests describe. */
export function findDjango(): string | undefined {
  const python = findProgram('PYTHON_PATH', ['/usr/bin/python3'])
  return existsSync(files.djangoOauthToolkit) && existsSync(files.djangoCorsHeaders) ? python : undefined
}

/** The portal with a server, and those of the modules that it only recommends without which it does not start. */
const lemonLdapPackages = [
  'liblemonldap-ng-portal-perl',
  'starman',
  'libstring-random-perl',
  'libimage-magick-perl',
  'libgd-securityimage-perl',
  'libconvert-base32-perl',
  'libcrypt-openssl-bignum-perl',
  'libio-string-perl',
]

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const packages = [
    ...(findGlewlwyd() ? [] : ['glewlwyd', 'sqlite3']),
    ...(findLemonLdap() ? [] : lemonLdapPackages),
    ...(findDjango() ? [] : ['python3-django-oauth-toolkit', 'python3-django-cors-headers']),
  ]
  if (packages.length > 0 && !installPackages(...packages)) {
    console.log(`Could not be installed, so the providers' tests go on without: ${packages.join(', ')}`)
  }
}
