// Finds the SQLite drivers that `npm ci` does not bring whole: better-sqlite3, which has to be compiled, and node:sqlite,
// which needs Node 22. Run as a program, it compiles the one and installs the other beside the packages.
import { mkdirSync, rmSync } from 'node:fs'
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

/**
 * By its own script, since `npm ci` runs no scripts of packages that package.json does not allow. The debug build takes a
 * third of the time, and SQLite checks itself in it; it is too slow to measure anything by it.
 */
function compileBetterSqlite(): boolean {
  const folder = join(packages, 'better-sqlite3')
  return run('npm', '--prefix', folder, 'run', 'build-debug', '--', '--jobs=2') && hasBetterSqlite()
}

function installNode22(): boolean {
  mkdirSync(node22Folder, { recursive: true })
  const quiet = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--prefer-offline']
  if (!run('npm', 'install', '--prefix', node22Folder, ...quiet, `${node22Package}@22`)) return false
  // 65 MB that only a compiler needs.
  rmSync(join(node22Folder, 'node_modules', node22Package, 'include'), { recursive: true, force: true })
  return findNode22() !== undefined
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!hasBetterSqlite() && !compileBetterSqlite()) {
    console.log('better-sqlite3 could not be compiled: test/runtimes/sqlite.test.ts skips it.')
  }
  if (!findNode22() && !installNode22()) {
    console.log('Node 22 could not be installed: test/runtimes/sqlite.test.ts skips node:sqlite.')
  }
}
