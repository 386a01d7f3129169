import { fileURLToPath } from 'node:url'
import { defineConfig } from '@playwright/test'
import { findChromium } from '../setup/chromium.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const executablePath = findChromium()
if (!executablePath) throw new Error('No Chromium: `npm run test:e2e` installs one.')

export default defineConfig({
  // The one without path aliases: the demo under test runs on the built package.
  tsconfig: path('../../src/tsconfig.json'),
  outputDir: path('../../test-results'),
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  globalTimeout: 8 * 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: { trace: 'retain-on-failure', launchOptions: { executablePath } },
})
