import AxeBuilder from '@axe-core/playwright'
import { expect, type Locator, mergeTests, type Page } from '@playwright/test'
import { refusedWith } from '../../src/client/set-up/answer-findings.ts'
import {
  answer,
  approveButton,
  blockPopups,
  test as demoTest,
  greeting,
  logIn,
  popupOf,
  prompt,
} from './demo.ts'
import { test as refusedTest } from './refused.ts'
import { callbackPath, startSite } from './set-up/site.ts'
import { buildScript } from './support/build-script.ts'
import { watchErrors } from './support/page-errors.ts'
import { refuseSignIns } from './support/refused-sign-ins.ts'

const test = mergeTests(demoTest, refusedTest)

const panel = (page: Page): Locator => page.getByRole('region', { name: 'afresh devtools' })
const launcher = (page: Page): Locator => panel(page).getByRole('button', { name: /^afresh: / })
const headline = (page: Page): Locator => panel(page).locator('.headline')
const tab = (page: Page, name: string): Locator => panel(page).getByRole('tab', { name })
const rows = (page: Page): Locator =>
  panel(page).getByRole('list', { name: 'Timeline' }).getByRole('listitem')

async function openDevtools(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/?devtools`)
  await launcher(page).click()
}

async function signIn(page: Page): Promise<void> {
  const popup = await popupOf(page, page.getByRole('button', { name: 'Sign in' }))
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect(greeting(page, 'josh')).toBeVisible()
}

async function violations(page: Page): Promise<unknown[]> {
  const { violations } = await new AxeBuilder({ page }).include('afresh-devtools').analyze()
  return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])
}

test('the built demo has no devtools unless its address asks for them', async ({ page, demo }) => {
  const scripts: string[] = []
  page.on('request', request => scripts.push(request.url()))
  await page.goto(demo.url)
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  expect(scripts.filter(url => /panel/.test(url))).toEqual([])
  expect(await page.locator('afresh-devtools').count()).toBe(0)
})

test('the panel opens, changes its tab and closes by keyboard', { tag: '@every-browser' }, async ({
  page,
  demo,
}) => {
  await page.goto(`${demo.url}/?devtools`)
  await launcher(page).focus()
  await page.keyboard.press('Enter')
  await expect(tab(page, 'Now')).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(tab(page, 'Timeline')).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.type('session')
  await expect(panel(page).getByLabel('Filter by text')).toHaveValue('session')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(launcher(page)).toBeFocused()
  await expect(panel(page).getByRole('tab')).toHaveCount(0)
})

test('the panel shows the session, and counts down its token', async ({ page, demo }) => {
  await openDevtools(page, demo.url)
  await signIn(page)
  await expect(headline(page)).toHaveText('Signed in as Josh Rivera')
  const end = panel(page).locator('dl div', { hasText: 'Access token ends' }).locator('dd')
  const before = await end.innerText()
  await expect(end).not.toHaveText(before)
  expect(await panel(page).innerText()).not.toMatch(/eyJ/)
})

test('a sign-in that the OP refuses has its cause on top', { tag: '@every-browser' }, async ({
  page,
  context,
  demo,
}) => {
  await openDevtools(page, demo.url)
  await expect(headline(page)).toContainText('No person is signed in')
  await refuseSignIns(context, demo.issuer, 'invalid_scope', 'scope "bank" is unknown')
  await popupOf(page, page.getByRole('button', { name: 'Sign in' }))
  await expect(headline(page)).toHaveText(
    /^Not signed in\. .*invalid_scope: .*“scope "bank" is unknown”The app asked for “openid profile email”\.$/,
  )
  await panel(page).getByRole('button', { name: 'Close' }).click()
  await expect(launcher(page)).toHaveText('afresh: not signed in, something failed')
})

test('an app whose callback page is missing is told so on top', async ({ page }) => {
  const site = await startSite()
  try {
    const body = await buildScript(new URL('devtools/app.ts', import.meta.url))
    await page.route(`${site.url}/app.js`, route => route.fulfill({ contentType: 'text/javascript', body }))
    site.deployment = { callback: 'missing' }
    await page.goto(site.url)
    const { what } = refusedWith(404, { callbackPath, path: '/' })
    await expect(headline(page)).toHaveText(`Not signed in. ${what.replaceAll('`', '')}`)
  } finally {
    await site.close()
  }
})

test('the timeline is filtered, paused and copied', async ({ page, context, demo }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openDevtools(page, demo.url)
  await signIn(page)
  await tab(page, 'Timeline').click()
  await expect(rows(page)).toContainText([/search began/, /popup\.opened/, /after the window opened/])
  await panel(page).getByLabel('Filter by text').fill('popup')
  await expect(rows(page)).toHaveCount(1)
  await panel(page).getByLabel('Filter by text').fill('')
  await panel(page).getByLabel('Kind').selectOption('window')
  await expect(rows(page)).toHaveCount(1)
  await panel(page).getByLabel('Kind').selectOption('all')
  const before = await rows(page).count()
  await panel(page).getByRole('button', { name: 'Pause' }).click()
  await approveButton(page).click()
  await expect(panel(page).getByRole('button', { name: 'Go on (3 new)' })).toBeVisible()
  await expect(rows(page)).toHaveCount(before)
  await panel(page).getByRole('button', { name: 'Go on' }).click()
  await expect(rows(page).last()).toContainText('prompt.shown')
  await panel(page).getByRole('button', { name: 'Copy report' }).click()
  await expect(panel(page).getByRole('status')).toContainText('in the clipboard')
  const report = await page.evaluate(() => navigator.clipboard.readText())
  expect(report).toMatch(/^afresh \S+: signed in\n/)
  expect(report).toContain('freshness.asked: action payment.approve')
  expect(report).not.toMatch(/josh|rivera|pennyworth|eyJ/i)
})

test('the panel is of use while a prompt is open, and the prompt stays', { tag: '@every-browser' }, async ({
  page,
  demo,
}) => {
  await openDevtools(page, demo.url)
  await signIn(page)
  await approveButton(page).click()
  await expect(prompt(page)).toBeVisible()
  await tab(page, 'Timeline').click()
  await expect(rows(page).last()).toContainText('prompt.shown')
  await tab(page, 'Timeline').focus()
  await page.keyboard.press('Escape')
  await expect(launcher(page)).toBeFocused()
  await expect(prompt(page)).toBeVisible()
  await launcher(page).press('Enter')
  await expect(tab(page, 'Timeline')).toBeFocused()
  await answer(page, 'Cancel').click()
  await expect(prompt(page)).toBeHidden()
  await expect(rows(page)).toContainText([/prompt\.answered/])
  await expect(page.locator('body > afresh-devtools')).toHaveCount(1)
})

test('the timeline goes on over a redirect to the OP', async ({ page, demo }) => {
  await blockPopups(page)
  await openDevtools(page, demo.url)
  await tab(page, 'Timeline').click()
  await page.getByRole('button', { name: 'Sign in' }).click()
  await answer(page, 'Continue on this page').click()
  await logIn(page)
  await expect(greeting(page, 'josh')).toBeVisible()
  await expect(rows(page)).toContainText([
    /redirect\.started/,
    /page loaded/,
    /after the page left/,
    /signed_in/,
  ])
})

for (const colorScheme of ['light', 'dark'] as const)
  test(`the panel passes axe and fits 360 px in the ${colorScheme} scheme`, async ({
    page,
    context,
    demo,
  }) => {
    test.slow()
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width: 360, height: 640 })
    await page.goto(`${demo.url}/?devtools`)
    await expect(launcher(page)).toBeVisible()
    expect(await violations(page)).toEqual([])
    await refuseSignIns(context, demo.issuer, 'invalid_scope', 'scope "bank" is unknown')
    await popupOf(page, page.getByRole('button', { name: 'Sign in' }))
    await expect(launcher(page)).toContainText('something failed')
    await launcher(page).click()
    for (const name of ['Now', 'Timeline', 'Path']) {
      await tab(page, name).click()
      expect(await violations(page)).toEqual([])
      expect(await overflow(page)).toEqual([])
    }
  })

/** What of the devtools is wider than its place, or out of the window. */
function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.querySelector('afresh-devtools')?.shadowRoot
    return [...(root?.querySelectorAll('section *') ?? [])]
      .filter(element => {
        const { left, right } = element.getBoundingClientRect()
        return element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0
          ? getComputedStyle(element).overflowX !== 'visible'
          : left < 0 || right > innerWidth
      })
      .map(element => element.outerHTML.slice(0, 80))
  })
}

test('a page from right to left has it in the other corner, still in English', async ({ page, demo }) => {
  await openDevtools(page, demo.url)
  await page.evaluate(() => {
    document.documentElement.dir = 'rtl'
  })
  await expect(panel(page)).toHaveAttribute('dir', 'ltr')
  const box = await panel(page).boundingBox()
  expect(box?.x).toBe(0)
})

test('the app’s styles do not reach it, and its own stay inside', async ({ page, demo }) => {
  await openDevtools(page, demo.url)
  // The app has none while it checks who is signed in.
  await expect(page.locator('h1')).toBeVisible()
  const look = () =>
    page.evaluate(() => {
      const host = document.querySelector('afresh-devtools')
      const box = host?.getBoundingClientRect()
      const close = host?.shadowRoot?.querySelector('[aria-label=Close]')
      const own = getComputedStyle(document.querySelector('h1') as Element)
      return [box?.width, box?.height, close && getComputedStyle(close).color, own.margin, own.fontSize]
    })
  const before = await look()
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(
      '* { display: none; width: 1px; color: red } afresh-devtools { opacity: 0; transform: scale(0) } html, body, h1 { display: block; width: auto }',
    )
    document.adoptedStyleSheets = [sheet]
  })
  expect(await look()).toEqual(before)
  await expect(panel(page)).toBeVisible()
})

test('nothing moves, and forced colours keep the selected tab', async ({ page, demo }) => {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' })
  await openDevtools(page, demo.url)
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0)
  const border = await tab(page, 'Now').evaluate(element => getComputedStyle(element).borderBlockEndColor)
  const other = await tab(page, 'Path').evaluate(element => getComputedStyle(element).borderBlockEndColor)
  expect(border).not.toBe(other)
})

test('a strict policy with Trusted Types refuses nothing of it', { tag: '@every-browser' }, async ({
  page,
  context,
  demo,
  refused,
}) => {
  const errors = watchErrors(context)
  await openDevtools(page, demo.url)
  for (const name of ['Timeline', 'Path', 'Now']) await tab(page, name).click()
  await expect(headline(page)).toContainText('No person is signed in')
  const width = await panel(page).evaluate(element => getComputedStyle(element).fontSize)
  expect(width).toBe('13px')
  expect([refused, errors]).toEqual([[], []])
})
