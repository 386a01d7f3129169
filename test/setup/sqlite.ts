// Finds the SQLite drivers that `npm ci` does not bring whole: better-sqlite3, which has to be compiled, and node:sqlite,
// which needs Node 22. Run as a program, it compiles the one and installs the other beside the packages.
import { existsSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findProgram, run } from './programs.ts'

const packages = fileURLToPath(new URL('../../node_modules', import.meta.url))
const node22Folder = join(packages, '.cache/node-22')
const node22Package = `node-${process.platform}-${process.arch}`

/** `NODE22_PATH` if it is set, otherwise the one that was installed here. */
export function findNode22(): string | undefined {
  return findProgram('NODE22_PATH', [join(node22Folder, 'node_modules', node22Package, 'bin/node')])
}

/** Whether better-sqlite3 has been compiled for this Node. */
export function hasBetterSqlite(): boolean {
  const require = createRequire(import.meta.url)
  try {
    const Database = require('better-sqlite3')
    new Database(':memory:').close()
    return true
  } catch {
    return false
  }
}

/** Its own script, since `npm ci` runs no scripts of packages that package.json does not allow. */
function compileBetterSqlite(): boolean {
  const folder = join(packages, 'better-sqlite3')
  return existsSync(folder) && run('npm', '--prefix', folder, 'run', 'build-release') && hasBetterSqlite()
}

function installNode22(): boolean {
  const wanted = `${node22Package}@22`
  mkdirSync(node22Folder, { recursive: true })
  return run('npm', 'install', '--prefix', node22Folder, '--ignore-scripts', '--no-save', wanted)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!hasBetterSqlite() && !compileBetterSqlite()) {
    console.log('better-sqlite3 could not be compiled: the tests of the SQL store skip it.')
  }
  if (!findNode22() && !(installNode22() && findNode22())) {
    console.log('Node 22 could not be installed: the tests of the SQL store skip node:sqlite.')
  }
}
