// Finds a PostgreSQL for the tests of the SQL store; run as a program, it installs one if it may.
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findProgram, installPackages, onPath } from './programs.ts'

export interface PostgresPrograms {
  readonly postgres: string
  readonly initdb: string
}

/** Debian keeps the programs of each version in a folder that is not in `PATH`. */
const debianFolder = '/usr/lib/postgresql'

/** `POSTGRES_PATH` if it is set, otherwise the system's `postgres`, the newest first; `initdb` is beside it. */
export function findPostgres(): PostgresPrograms | undefined {
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder).map(Number) : []
  const newestFirst = versions.sort((a, b) => b - a)
  const candidates = newestFirst.map(version => join(debianFolder, `${version}`, 'bin/postgres'))
  const postgres = findProgram('POSTGRES_PATH', [...candidates, ...onPath('postgres')])
  if (!postgres) return undefined
  const initdb = join(dirname(realpathSync(postgres)), 'initdb')
  return existsSync(initdb) ? { postgres, initdb } : undefined
}

/** PostgreSQL refuses to run as root, so root runs it as another user. Undefined for any other user. */
export function postgresUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8')
  for (const name of ['postgres', 'nobody']) {
    const [, uid, gid] = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm').exec(users) ?? []
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Error('PostgreSQL needs a user other than root, and there is neither postgres nor nobody.')
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !findPostgres() && !installPackages('postgresql')) {
  console.log('No PostgreSQL, and none could be installed: the tests of the SQL store skip it.')
}
