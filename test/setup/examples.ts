// Installs the packages of the apps in examples/, for their tests. They are no dependencies of this package.
import { chmodSync, cpSync, existsSync, lstatSync, readdirSync, rmSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { run } from './programs.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']

/** The folder of an example. */
export const folderOf = (app: string): string => `${root}examples/${app}`

/** The examples that have packages of their own. */
export const apps: readonly string[] = readdirSync(`${root}examples`).filter(name =>
  existsSync(`${folderOf(name)}/package-lock.json`),
)

/** Whether an app has all the packages that its lock names: npm writes the list of what is installed last. */
export function isInstalled(app: string): boolean {
  const list = `${folderOf(app)}/node_modules/.package-lock.json`
  return existsSync(list) && statSync(list).mtimeMs >= statSync(`${folderOf(app)}/package-lock.json`).mtimeMs
}

/** Gives an app this package as it is built now. npm would not notice that it has changed. */
function refreshPackage(app: string): void {
  const copy = `${folderOf(app)}/node_modules/afresh`
  if (lstatSync(copy).isSymbolicLink()) return
  rmSync(`${copy}/dist`, { recursive: true, force: true })
  for (const part of ['dist', 'package.json']) cpSync(root + part, `${copy}/${part}`, { recursive: true })
  // As npm does with a package's command.
  chmodSync(`${copy}/dist/doctor/cli.js`, 0o755)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const app of apps) {
    if (isInstalled(app)) refreshPackage(app)
    else if (!run('npm', 'ci', '--prefix', folderOf(app), ...quiet)) {
      console.log(`examples/${app} could not be installed: its tests are skipped.`)
    }
  }
}
