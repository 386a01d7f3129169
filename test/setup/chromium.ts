// Finds a Chromium for the browser tests; run as a program, it installs one when there is none.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'

const minutes = 60_000

function candidates(): string[] {
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const directories = (process.env.PATH ?? '').split(delimiter)
  return [
    chromium.executablePath(),
    ...directories.flatMap(directory => names.map(name => join(directory, name))),
  ]
}

/** Starts the program, since a downloaded browser can lack libraries of the system's. */
function works(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
  } catch {
    return false
  }
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0
}

/**
 * `CHROMIUM_PATH` if it is set, otherwise Playwright's own Chromium, otherwise the system's.
 *
 * @throws when `CHROMIUM_PATH` names nothing that starts: then the tests must not run on another browser
 */
export function findChromium(): string | undefined {
  const wish = process.env.CHROMIUM_PATH
  if (!wish) return candidates().find(works)
  if (works(wish)) return wish
  throw new Error(`CHROMIUM_PATH is ${wish}, and that does not start.`)
}

function run(command: string, ...args: string[]): boolean {
  console.log(`> ${command} ${args.join(' ')}`)
  return spawnSync(command, args, { stdio: 'inherit', timeout: 5 * minutes }).status === 0
}

function install(): string | undefined {
  const playwright = fileURLToPath(import.meta.resolve('@playwright/test/cli'))
  run(process.execPath, playwright, 'install', '--no-shell', 'chromium')
  const downloaded = findChromium()
  if (downloaded || process.getuid?.() !== 0) return downloaded
  if (!run('apt-get', 'update')) return undefined
  run('apt-get', 'install', '-y', '--no-install-recommends', 'chromium')
  return findChromium()
}

const help = `
The browser tests need a Chromium, none was found and none could be installed. One of these helps:
  npx playwright install --with-deps chromium
  apt-get install chromium
  CHROMIUM_PATH=/path/to/a/chromium npm test
`

function main(): void {
  const path = findChromium() ?? install()
  if (!path) throw new Error(help)
  console.log(`The browser tests run in ${path}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
