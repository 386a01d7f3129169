// Finds the browsers that are tested where they are installed; run as a program, it installs them if it may.
import { fileURLToPath } from 'node:url'
import { findChromium, installHeadlessShell } from './chromium.ts'
import { findProgram, installPackages, onPath, starts } from './programs.ts'

/** `FIREFOX_PATH` if it is set, otherwise the system's Firefox ESR. */
export function findFirefox(): string | undefined {
  return findProgram('FIREFOX_PATH', onPath('firefox-esr'))
}

export interface WebKitPrograms {
  readonly driver: string
  /** The browser has no headless mode: it needs a screen, and this is one that nobody sees. */
  readonly xvfb: string
}

export function findWebKit(): WebKitPrograms | undefined {
  const driver = onPath('WebKitWebDriver').find(path => starts(path, '--help'))
  const xvfb = onPath('Xvfb').find(path => starts(path, '-help'))
  return driver && xvfb ? { driver, xvfb } : undefined
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const packages = [
    ...(findChromium() ? [] : ['chromium']),
    ...(findFirefox() ? [] : ['firefox-esr']),
    ...(findWebKit() ? [] : ['webkit2gtk-driver', 'xvfb']),
  ]
  if (packages.length > 0 && !installPackages(...packages)) {
    console.log(`Could not be installed, so the browser tests go on without: ${packages.join(', ')}`)
  }
  installHeadlessShell()
}
