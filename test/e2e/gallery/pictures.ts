// `npm run pictures`: each prompt at 360 and 1280 px, and the demo with its chooser, into docs/pictures; the demo after a
// payment into docs/public/demo.png. The devtools: devtools-pictures.ts.
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { startDemo } from '../../../demo/demo.ts'
import { findChromium } from '../../setup/chromium.ts'
import { logIn, outcome, signIn, stepUp, switchTo } from '../demo.ts'
import { takeDevtoolsPictures } from './devtools-pictures.ts'
import { openGallery } from './gallery.ts'
import { samples } from './samples.ts'

const folder = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url))
const executablePath = findChromium()
if (!executablePath) throw new Error('No Chromium: `npm run test:e2e` installs one.')
await mkdir(folder, { recursive: true })
const [browser, gallery, demo] = await Promise.all([
  chromium.launch({ executablePath }),
  openGallery(),
  startDemo({ mode: 'built' }),
])
try {
  const page = await browser.newPage({ reducedMotion: 'reduce' })
  for (const type of Object.keys(samples)) {
    for (const [width, height, colorScheme] of [
      [1280, 480, 'light'],
      [360, 480, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme })
      await page.goto(`${gallery.url}?prompt=${type}`)
      await page.getByRole('dialog').waitFor()
      await page.screenshot({ path: `${folder}${type}-${width}.png` })
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
  await signIn(page, demo)
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await outcome(page).filter({ hasText: 'Approved' }).waitFor()
  await page.screenshot({ path: fileURLToPath(new URL('../../../docs/public/demo.png', import.meta.url)) })
  await switchTo(page, 'jane')
  await page.getByRole('button', { name: 'Accounts' }).click()
  await page.getByRole('region', { name: 'Choose an account' }).waitFor()
  await page.screenshot({ path: `${folder}demo-1280.png` })
  await page.setViewportSize({ width: 360, height: 900 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.screenshot({ path: `${folder}demo-360.png` })
  // The payment has been approved for the pictures before.
  demo.restartApi()
  await takeDevtoolsPictures(browser, demo, folder)
} finally {
  await Promise.all([browser.close(), gallery.close(), demo.close()])
}
