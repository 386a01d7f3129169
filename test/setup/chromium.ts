// Finds a Chromium for the browser tests; run as a program, it installs one when there is none.
import { fileURLToPath } from 'node:url'
import { chromium, type LaunchOptions } from '@playwright/test'
import { findProgram, installPackages, onPath, run } from './programs.ts'

/** `CHROMIUM_PATH` if it is set, otherwise Playwright's own Chromium, otherwise the system's. */
export function findChromium(): string | undefined {
  const system = onPath('chromium', 'chromium-browser', 'google-chrome')
  return findProgram('CHROMIUM_PATH', [chromium.executablePath(), ...system])
}

const shell = 'chromium-headless-shell'
const findShell = (): string | undefined => findProgram('CHROMIUM_PATH', onPath(shell))

/**
 * The same engine without windows and a browser's services: the tests take about half the time. `CHROMIUM_PATH` if it is
 * set, otherwise the system's headless shell, otherwise a whole Chromium.
 */
export function findHeadlessChromium(): string | undefined {
  return findShell() ?? findChromium()
}

/** Where the system has no such package, the tests use a whole Chromium. */
export function installHeadlessShell(): void {
  if (!findShell()) installPackages(shell)
}

/**
 * How to start Chromium so that it keeps pages in memory for Back, and keeps the storage of framed sites apart, as it does
 * for people. Playwright turns both off. What it gives here as features that are off is its own list (1.64.1) without
 * `ThirdPartyStoragePartitioning`: the browser goes by the last such list.
 */
export const asPeopleHaveIt: Pick<LaunchOptions, 'args' | 'ignoreDefaultArgs'> = {
  ignoreDefaultArgs: ['--disable-back-forward-cache'],
  args: [
    `--disable-features=${[
      'AvoidUnnecessaryBeforeUnloadCheckSync',
      'DestroyProfileOnBrowserClose',
      'DialMediaRouteProvider',
      'GlobalMediaControls',
      'HttpsUpgrades',
      'LensOverlay',
      'MediaRouter',
      'PaintHolding',
      'BlockOriginHeaderModificationOnRedirect',
      'AvoidCorsURLLoaderRestartOnRedirect',
      'Translate',
      'AutoDeElevate',
      'OptimizationHints',
      'NetworkTimeServiceQuerying',
      'AimEnabled',
    ].join()}`,
  ],
}

function install(): string | undefined {
  const playwright = fileURLToPath(import.meta.resolve('@playwright/test/cli'))
  run(process.execPath, playwright, 'install', '--no-shell', 'chromium')
  const downloaded = findChromium()
  if (downloaded) return downloaded
  installPackages('chromium')
  return findChromium()
}

const help = `
The browser tests need a Chromium, none was found and none could be installed. One of these helps:
  npx playwright install --with-deps chromium
  apt-get install chromium
  CHROMIUM_PATH=/path/to/a/chromium npm test
`

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const path = findChromium() ?? install()
    if (!path) throw new Error(help)
    installHeadlessShell()
    console.log(`The browser tests run in ${[...new Set([findHeadlessChromium(), path])].join(' and ')}`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
