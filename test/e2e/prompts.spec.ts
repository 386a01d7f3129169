import { approveButton, expect, popupOf, prompt, signIn, switchTo, test } from './demo.ts'
import { type Gallery, openGallery } from './gallery/gallery.ts'
import { samples } from './gallery/samples.ts'
import { overflow, violations } from './support/looks.ts'

const types = Object.keys(samples)
let gallery: Gallery

test.beforeAll(async () => {
  gallery = await openGallery()
})
test.afterAll(() => gallery.close())

for (const type of types) {
  test(`the prompt ${type} passes axe, light and dark, and fits 360 px`, async ({ page }) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 360]) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 640 })
        await page.goto(`${gallery.url}?prompt=${type}`)
        await expect(prompt(page)).toBeVisible()
        expect(await violations(page)).toEqual([])
        expect(await overflow(page)).toBeLessThanOrEqual(0)
      }
    }
  })

  test(`the prompt ${type} focuses the safe button, keeps Tab inside and cancels at Escape`, async ({
    page,
  }) => {
    await page.goto(`${gallery.url}?prompt=${type}`)
    const cancel = prompt(page).locator('[data-answer=cancel]')
    await expect(cancel).toBeFocused()
    for (const _ of await prompt(page).getByRole('button').all()) await page.keyboard.press('Tab')
    const outside = page.locator('main :focus')
    await expect(outside).toHaveCount(0)
    await page.keyboard.press('Escape')
    await expect(page).toHaveTitle('cancel')
  })
}

test('each language has words of its own for every prompt', async ({ page }) => {
  for (const type of types) {
    const texts = new Set<string>()
    for (const language of ['en', 'de', 'ja']) {
      await page.goto(`${gallery.url}?prompt=${type}&language=${language}`)
      await expect(prompt(page)).toHaveAttribute('lang', language)
      texts.add(await prompt(page).innerText())
    }
    expect(texts.size).toBe(3)
  }
})

test('the prompts follow a language that runs from right to left', async ({ page }) => {
  await page.goto(`${gallery.url}?prompt=step_up&language=rtl`)
  await expect(prompt(page)).toHaveAttribute('dir', 'rtl')
  const [title, dialog] = await Promise.all([
    prompt(page)
      .getByRole('heading')
      .evaluate(element => getComputedStyle(element).direction),
    prompt(page).evaluate(element => getComputedStyle(element).textAlign),
  ])
  expect([title, dialog]).toEqual(['rtl', 'start'])
  expect(await violations(page)).toEqual([])
})

test('the prompts respect forced colours and reduced motion', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' })
  await page.goto(`${gallery.url}?prompt=step_up`)
  await expect(prompt(page)).toBeVisible()
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0)
  const border = await prompt(page)
    .locator('[data-answer=continue]')
    .evaluate(e => getComputedStyle(e).borderStyle)
  expect(border).toBe('solid')
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the demo and the chooser pass axe in the ${colorScheme} scheme`, async ({ page, demo }) => {
    await page.emulateMedia({ colorScheme })
    await page.goto(demo.url)
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
    expect(await violations(page)).toEqual([])
    await signIn(page, demo)
    await switchTo(page, 'jane')
    await page.getByRole('button', { name: 'Accounts' }).click()
    await expect(page.getByRole('region', { name: 'Choose an account' })).toBeVisible()
    expect(await violations(page)).toEqual([])
    await approveButton(page).click()
    await expect(prompt(page)).toBeVisible()
    expect(await violations(page)).toEqual([])
    const popup = await popupOf(page, prompt(page).getByRole('button', { name: 'Continue' }))
    await expect(popup.getByRole('button', { name: 'Sign in' })).toBeVisible()
    expect(await violations(popup)).toEqual([])
  })
}
