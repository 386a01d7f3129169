import type { BrowserContext } from '@playwright/test'
import type { Demo, DemoOptions } from '../../demo/demo.ts'
import { answer, expect, logIn, outcome, prompt, signIn, stepUp, stepUpWithoutPopups, test } from './demo.ts'

const pushing: DemoOptions = { pushedRequests: true }
const everyBrowser = { tag: '@every-browser' }
test.use({ demoOptions: pushing })

/** The authorization requests that go through the browser, but for those in hidden frames. */
function watchRequests(context: BrowserContext, { issuer }: Demo): Record<string, string>[] {
  const seen: Record<string, string>[] = []
  context.on('request', request => {
    const { origin, pathname, searchParams } = new URL(request.url())
    if (origin === issuer && pathname === '/auth' && searchParams.get('prompt') !== 'none')
      seen.push(Object.fromEntries(searchParams))
  })
  return seen
}

/** A browser that changes the authorization requests of step-ups on their way to the OP. */
async function tamper(
  context: BrowserContext,
  { issuer }: Demo,
  change: (params: URLSearchParams) => void,
): Promise<void> {
  await context.route(`${issuer}/auth?**`, async route => {
    const url = new URL(route.request().url())
    if (!url.searchParams.has('request_uri')) return route.continue()
    change(url.searchParams)
    return route.fulfill({ status: 302, headers: { location: url.href } })
  })
}

test(
  'a payment is shown by the bank in the prompt and by the OP on its page, and the ledger says so',
  everyBrowser,
  async ({ page, context, demo }) => {
    await signIn(page, demo)
    const requests = watchRequests(context, demo)
    await page.getByRole('button', { name: 'Approve 250.00' }).click()
    await expect(prompt(page)).toContainText('Approve 250.00 to Northwind Paper')
    const [popup] = await Promise.all([page.waitForEvent('popup'), answer(page, 'Continue').click()])
    await expect(popup.getByRole('region', { name: 'Pennyworth asks you to approve' })).toContainText(
      '250.00 to Northwind Paper',
    )
    await Promise.all([popup.waitForEvent('close'), logIn(popup)])
    await expect(outcome(page)).toContainText('Approved')
    expect(requests).toEqual([
      {
        client_id: 'bank-step-up',
        request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:/),
      },
    ])
    expect(await demo.bank.ledger()).toMatchObject([
      { approvedBy: 'josh', cents: 25_000, shownAtProvider: true },
    ])
    await expect(page.getByText('Was shown at the provider')).toBeVisible()
  },
)

test(
  'a popup whose URL gets parameters on its way asks the same, and shows the same payment',
  everyBrowser,
  async ({ page, context, demo }) => {
    await signIn(page, demo)
    const bent = [{ type: 'payment', amount: '9250.00', to: 'Northwind Paper' }]
    await tamper(context, demo, params => {
      params.set('prompt', 'none')
      params.set('max_age', '86400')
      params.set('authorization_details', JSON.stringify(bent))
    })
    const popup = await stepUp(page)
    await expect(popup.getByText('250.00 to Northwind Paper', { exact: true })).toBeVisible()
    await Promise.all([popup.waitForEvent('close'), logIn(popup)])
    await expect(outcome(page)).toContainText('Approved')
    expect(await demo.bank.ledger()).toMatchObject([{ cents: 25_000, shownAtProvider: true }])
  },
)

test(
  'a popup whose URL loses its client_id on its way is refused by the OP',
  everyBrowser,
  async ({ page, context, demo }) => {
    await signIn(page, demo)
    await tamper(context, demo, params => params.delete('client_id'))
    const popup = await stepUp(page)
    await expect(popup.getByRole('heading', { name: 'That did not work' })).toBeVisible()
    await Promise.all([popup.waitForEvent('close'), answer(page, 'Cancel').click()])
    expect(await demo.bank.ledger()).toEqual([])
  },
)

test(
  'a popup that is sent to a plain request of the bank’s client comes back with nothing',
  everyBrowser,
  async ({ page, context, demo }) => {
    await signIn(page, demo)
    await tamper(context, demo, params => {
      params.delete('request_uri')
      const plain = { response_type: 'code', scope: 'openid', prompt: 'login', state: 'a-state' }
      const pkce = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' }
      const redirect_uri = `${demo.url}/auth/callback.html`
      for (const [name, value] of Object.entries({ ...plain, ...pkce, redirect_uri })) params.set(name, value)
    })
    await stepUp(page)
    await expect(outcome(page)).toHaveAttribute('data-code', 'authorization_failed: state_mismatch')
    expect(await demo.bank.ledger()).toEqual([])
  },
)

test(
  'after a redirect the confirmation says what is approved, and then it is',
  everyBrowser,
  async ({ page, context, demo }) => {
    await stepUpWithoutPopups(page, demo)
    const requests = watchRequests(context, demo)
    await answer(page, 'Continue on this page').click()
    await logIn(page)
    const unfinished = page.getByRole('region', { name: 'Unfinished' })
    await expect(unfinished).toContainText('Approve 250.00 to Northwind Paper')
    expect(requests.map(Object.keys)).toEqual([['client_id', 'request_uri']])
    expect(await demo.bank.ledger()).toEqual([])
    await page.getByRole('button', { name: 'Finish' }).click()
    await expect(outcome(page)).toContainText('Approved')
    expect(await demo.bank.ledger()).toMatchObject([{ cents: 25_000, shownAtProvider: true }])
  },
)

test('the bank’s words are in the language of the page', async ({ page, demo }) => {
  await signIn(page, demo)
  await page.getByLabel('Language of prompts').selectOption('de')
  await page.getByRole('button', { name: 'Approve 250.00' }).click()
  await expect(prompt(page)).toContainText('250,00 an Northwind Paper freigeben')
})

test('no token and no code of a pushed step-up reaches storage, the address bar or the log', async ({
  page,
  demo,
}) => {
  const seen: string[] = []
  page.on('framenavigated', frame => seen.push(frame.url()))
  page.on('console', message => seen.push(message.text()))
  await signIn(page, demo)
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect(outcome(page)).toContainText('Approved')
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
  expect(JSON.stringify([seen, stored])).not.toMatch(/eyJ|[?&#]code=|oauth:request_uri/)
})
