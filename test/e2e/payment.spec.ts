import { expect, fillEmail, greeting, logIn, outcome, prompt, signIn, signOut, stepUp, test } from './demo.ts'

test('a payment is approved once, after signing in again in the popup, and the ledger says by whom and when', {
  tag: '@every-browser',
}, async ({ page, demo }) => {
  await signIn(page, demo)
  const before = Math.floor(Date.now() / 1000)
  const popup = await stepUp(page)
  await expect(popup.getByText('You are signed in as Josh Rivera')).toBeVisible()
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect(outcome(page)).toContainText('Approved')
  await expect(prompt(page)).toBeHidden()
  const [entry, ...more] = await demo.bank.ledger()
  expect(more).toEqual([])
  expect(entry).toMatchObject({ paymentId: 'northwind', cents: 25_000, approvedBy: 'josh' })
  expect(entry?.authTime).toBeGreaterThanOrEqual(before - 1)
  await expect(page.getByText('approved by josh')).toBeVisible()
})

test('the e-mail address changes without a prompt right after signing in', async ({ page, demo }) => {
  await signIn(page, demo)
  await fillEmail(page, 'josh@elsewhere.example')
  await page.getByRole('button', { name: 'Change e-mail' }).click()
  await expect(page.getByText('Changed.')).toBeVisible()
  await expect(prompt(page)).toBeHidden()
  expect(await demo.bank.emailOf('josh')).toBe('josh@elsewhere.example')
})

test('a reload keeps the session, in a hidden frame and with no visible redirect', {
  tag: '@every-browser',
}, async ({ page, demo }) => {
  await signIn(page, demo)
  const visited: string[] = []
  page.on('framenavigated', frame => {
    if (frame === page.mainFrame()) visited.push(frame.url())
  })
  await page.reload()
  await expect(greeting(page, 'josh')).toBeVisible()
  expect(visited).toEqual([`${demo.url}/`])
  await expect(page.locator('iframe')).toHaveCount(0)
})

test('a first-time visitor sees the page, and is not sent anywhere', { tag: '@every-browser' }, async ({
  page,
  demo,
}) => {
  await page.goto(demo.url)
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  expect(page.url()).toBe(`${demo.url}/`)
})

test('a sign-out ends the session here and at the OP', { tag: '@every-browser' }, async ({ page, demo }) => {
  await signIn(page, demo)
  await signOut(page, demo)
  await expect(page).toHaveURL(`${demo.url}/`)
  await page.reload()
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  const kept = await page.evaluate(() => Object.entries({ ...localStorage, ...sessionStorage }))
  const ours = kept.filter(([key]) => key.startsWith('afresh:') && !/^afresh:(metadata|accounts):/.test(key))
  expect(ours.map(([, value]) => JSON.parse(value))).toMatchObject([{ status: 'closed', person: null }])
})

test('no token, code or verifier reaches storage, the address bar or the log', async ({ page, demo }) => {
  const urls: string[] = []
  const log: string[] = []
  page.on('framenavigated', frame => urls.push(frame.url()))
  page.on('console', message => log.push(message.text()))
  await signIn(page, demo)
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect(outcome(page)).toContainText('Approved')
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
  const visible = JSON.stringify([urls.filter(url => url.startsWith(demo.url)), log, stored])
  expect(visible).not.toMatch(/eyJ|[?&#]code=|code_verifier/)
})
