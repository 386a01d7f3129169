import type { Locator, Page } from '@playwright/test'
import { expect, greeting, logIn, outcome, popupOf, stepUp, test } from './demo.ts'

// A demo of its own, which other tests' providers are not picked in.
test.use({ demoOptions: { provider: 'demo-id' } })

const foot = (page: Page): Locator => page.getByRole('contentinfo')
const choice = (page: Page): Locator => foot(page).getByLabel('OpenID Provider')
const signInButton = (page: Page): Locator => page.getByRole('button', { name: 'Sign in' })

/** Picks it in the page's foot, as far as the page that is loaded with it. */
async function pick(page: Page, name: string): Promise<void> {
  await choice(page).selectOption({ label: name })
  const switched = page.waitForEvent('load')
  await foot(page).getByRole('button', { name: 'Switch provider' }).click()
  await switched
}

/** Nobody is signed in or remembered, and nothing went wrong. */
async function isSignedOut(page: Page, name: string): Promise<void> {
  await expect(signInButton(page)).toBeVisible()
  await expect(choice(page).locator('option:checked')).toHaveText(name)
  await expect(page.getByRole('region', { name: 'Choose an account' })).toBeHidden()
  await expect(page.locator('.hero .outcome')).toBeEmpty()
  await expect(page.getByRole('dialog')).toBeHidden()
}

async function pickAndSignIn(page: Page, name: string): Promise<void> {
  await pick(page, name)
  await isSignedOut(page, name)
  await signInHere(page)
}

async function signInHere(page: Page): Promise<void> {
  const popup = await popupOf(page, signInButton(page))
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect(greeting(page, 'josh')).toBeVisible()
}

test('a person picks ERP.net on the page and steps up, and is signed out with Auth0 after it', {
  tag: '@every-browser',
}, async ({ page, context, demo }) => {
  await page.goto(demo.url)
  await pickAndSignIn(page, 'ERP.net')
  expect(demo.issuer).toMatch(/\/id$/)
  const [popup] = await Promise.all([
    stepUp(page),
    context.waitForEvent('request', asked => asked.url().startsWith(`${demo.issuer}/connect/authorize?`)),
  ])
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect(outcome(page)).toContainText('Approved')
  expect(await demo.bank.ledger()).toHaveLength(1)

  await pickAndSignIn(page, 'Auth0')
  expect(demo.issuer).toMatch(/:\d+\/$/)
  expect(await demo.bank.ledger()).toEqual([])
})

for (const [name, other, why] of [
  ['ERP.net', 'Auth0', 'the browser remembers that there was a session, and asks by the whole page'],
  ['AuthAction', 'Auth0', 'the tab kept tokens and metadata, and both have one issuer'],
  ['Demo ID', 'Curity', 'both have one issuer and client'],
] as const)
  test(`${name} knows of no session when it is picked again after ${other}: ${why}`, async ({
    page,
    demo,
  }) => {
    await page.goto(demo.url)
    await pickAndSignIn(page, name)
    await pickAndSignIn(page, other)
    await pick(page, name)
    await isSignedOut(page, name)
    await page.reload()
    await isSignedOut(page, name)
  })

test('every tab gets the provider that one of them picked, and no session of the former one', async ({
  page,
  context,
  demo,
}) => {
  await page.goto(demo.url)
  await pickAndSignIn(page, 'Demo ID')
  const sibling = await context.newPage()
  await sibling.goto(demo.url)
  await expect(greeting(sibling, 'josh')).toBeVisible()
  await pick(page, 'Curity')
  for (const tab of [page, sibling]) await isSignedOut(tab, 'Curity')
})

test('the choice speaks the language of the prompts, and works by keyboard alone', async ({ page, demo }) => {
  await page.goto(demo.url)
  await page.getByLabel('Language of prompts').selectOption('de')
  await foot(page).getByLabel('OpenID-Provider').focus()
  await page.keyboard.type('Curity')
  await page.keyboard.press('Tab')
  await expect(foot(page).getByRole('button', { name: 'Provider wechseln' })).toBeFocused()
  const loaded = page.waitForEvent('load')
  await page.keyboard.press('Enter')
  await loaded
  await expect(foot(page).locator('option:checked')).toHaveText('Curity')
})

test('only a page of the app can pick, and only a provider that exists', async ({ page, demo }) => {
  await page.goto(demo.url)
  const { issuer } = demo
  const post = (name: string): Promise<number> =>
    page.evaluate(async path => (await fetch(path, { method: 'POST' })).status, `/demo/provider/${name}`)
  expect(await post('constructor')).toBe(404)

  // Of the same site, and yet another origin.
  await page.goto(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  const url = `${demo.url}/demo/provider/fusion-auth`
  const [response] = await Promise.all([
    page.waitForResponse(url),
    page.evaluate(target => fetch(target, { method: 'POST', mode: 'no-cors' }), url),
  ])
  expect(response.status()).toBe(403)
  expect((await page.request.post(url)).status()).toBe(403)
  expect(demo.issuer).toBe(issuer)
  await page.goto(demo.url)
  await expect(choice(page).locator('option:checked')).not.toHaveText('FusionAuth')
})
