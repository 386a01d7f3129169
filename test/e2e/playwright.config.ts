import { fileURLToPath } from 'node:url'
import { defineConfig } from '@playwright/test'
import { findFirefox, findWebKit } from '../setup/browsers.ts'
import { asPeopleHaveIt, findChromium, findHeadlessChromium } from '../setup/chromium.ts'
import type { Installed } from './demo.ts'
import type { WebKitOptions } from './webkit/minibrowser.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const webkitTests = '**/e2e/webkit/*.spec.ts'
const providersTests = '**/e2e/providers/real/*.spec.ts'
const worldTests = '**/e2e/world/*.spec.ts'
const examplesTests = '**/e2e/examples/*.spec.ts'
const siteTests = '**/e2e/site/*.spec.ts'
const chromium = findChromium()
const headless = findHeadlessChromium()
const firefox = findFirefox()
const webkit = findWebKit()
if (!chromium || !headless) throw new Error('No Chromium: `npm run test:e2e` installs one.')

export default defineConfig<object, Installed & WebKitOptions>({
  // The one without path aliases: the demo under test runs on the built package.
  tsconfig: path('../../src/tsconfig.json'),
  outputDir: path('../../test-results'),
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  globalTimeout: 45 * 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['./browsers-reporter.ts']],
  projects: [
    {
      name: 'Chromium',
      testIgnore: [webkitTests, providersTests, worldTests, examplesTests, siteTests],
      use: { launchOptions: { executablePath: headless } },
    },
    {
      name: 'Chromium as people have it',
      testMatch: worldTests,
      use: { launchOptions: { executablePath: chromium, ...asPeopleHaveIt } },
    },
    {
      name: 'Firefox',
      testIgnore: [webkitTests, providersTests, examplesTests, siteTests],
      grep: /@every-browser/,
      use: {
        browserName: 'firefox',
        // The system's Firefox rather than Playwright's own build of it.
        channel: 'moz-firefox',
        ...(firefox
          ? { launchOptions: { executablePath: firefox } }
          : { missing: 'Firefox is not installed (firefox-esr, or FIREFOX_PATH)' }),
      },
    },
    {
      name: 'Providers',
      testMatch: providersTests,
      use: { launchOptions: { executablePath: chromium } },
    },
    {
      name: 'Examples',
      testMatch: examplesTests,
      // An app is built first.
      timeout: 300_000,
      // `next dev` compiles each page and route when it is first asked for.
      expect: { timeout: 30_000 },
      use: { launchOptions: { executablePath: chromium } },
    },
    {
      name: 'Site',
      testMatch: siteTests,
      // axe reads each page twice, and some are long.
      timeout: 180_000,
      use: { launchOptions: { executablePath: headless } },
    },
    {
      name: 'WebKitGTK',
      testMatch: webkitTests,
      use: webkit ? { webkit } : { missing: 'WebKitGTK is not installed (webkit2gtk-driver and xvfb)' },
    },
  ],
})
