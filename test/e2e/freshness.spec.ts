import { createHash } from 'node:crypto'
import type { BrowserContext, Page } from '@playwright/test'
import { decodeJwt } from 'jose'
import type { Demo } from '../../demo/demo.ts'
import { answer, expect, outcome, passwords, signIn, signOut, test } from './demo.ts'
import { askInSilence, send } from './injected.ts'
import { callbackOf } from './providers/authorize.ts'

// A person signs in, and code injected into the page wants a payment approved by that login: nobody clicks anything.

const payment = { cents: 25_000, id: 'northwind', to: 'Northwind Paper' }
/** Of the canonical JSON (RFC 8785): the keys are in order. */
const context_hash = createHash('sha256').update(JSON.stringify(payment)).digest('base64url')

/** Signs josh in as usual, and tells what the OP answers. */
async function tokensOf(page: Page, demo: Demo): Promise<Record<string, string>> {
  const redeemed = page.waitForResponse(
    response => response.url() === `${demo.issuer}/token` && response.request().method() === 'POST',
  )
  await signIn(page, demo)
  return (await redeemed).json()
}

function silently(page: Page, demo: Demo, params: Record<string, string>): Promise<Record<string, string>> {
  const { issuer } = demo
  return page.evaluate(askInSilence, { issuer, clientId: 'payments', redirectUri: callbackOf(demo), params })
}

interface Challenged {
  readonly status: number
  readonly body: Record<string, string>
}

const ask = (page: Page, id_token: string | undefined): Promise<Challenged> =>
  page.evaluate(send, {
    path: '/api/freshness',
    body: { action: 'payment.approve', context_hash, id_token },
  })

const approve = (page: Page, accessToken: string | undefined, grant?: string): Promise<Challenged> =>
  page.evaluate(send, {
    path: '/api/payments/northwind/approve',
    body: payment,
    headers: {
      Authorization: `Bearer ${accessToken}`,
      ...(grant !== undefined && { 'Step-Up-Grant': grant }),
    },
  })

/** How the code gets a challenge that knows of no login as late as josh's. */
const ways: Readonly<
  Record<string, (page: Page, demo: Demo, older: Record<string, string>) => Promise<Challenged>>
> = {
  'asks with an older ID Token': (page, _, { id_token }) => ask(page, id_token),
  'asks with an ID Token that has no auth_time': async (page, demo) => {
    const { id_token = '' } = await silently(page, demo, {})
    expect(decodeJwt(id_token)).not.toHaveProperty('auth_time')
    return ask(page, id_token)
  },
  'takes the challenge of an approval without a grant': async (page, demo) => {
    const { access_token } = await silently(page, demo, {})
    return approve(page, access_token)
  },
}

for (const [way, challengeOf] of Object.entries(ways))
  for (const seconds of [0, 1, 28])
    test(`a script that ${way} ${seconds} s after the sign-in is granted nothing`, async ({ page, demo }) => {
      // The backend's clock stands still in that second, whatever the sign-in takes here.
      let now: number | undefined
      demo.restartApi({ now: () => now ?? Date.now() / 1000 })
      const older = await tokensOf(page, demo)
      await signOut(page, demo)
      const { id_token = '' } = await tokensOf(page, demo)
      const authTime = Number(decodeJwt(id_token).auth_time)
      now = authTime + seconds + 0.999

      const challenged = await challengeOf(page, demo, older)
      expect(challenged).toMatchObject({ status: 401, body: { status: 'challenged' } })
      const { challenge, nonce = '' } = challenged.body
      const claims = JSON.stringify({ id_token: { auth_time: { essential: true } } })
      const proof = await silently(page, demo, { nonce, claims })
      expect(decodeJwt(proof.id_token ?? '')).toMatchObject({ auth_time: authTime, nonce })
      const { status, body } = await page.evaluate(send, {
        path: '/api/freshness',
        body: { challenge, id_token: proof.id_token },
      })
      const paid = await approve(page, proof.access_token, body.grant)
      expect({ proof: [status, body.status], payment: paid.status }).toEqual({
        proof: [403, 'denied'],
        payment: 401,
      })
      // Beside a clock that stands still, the OP's may look wrong.
      expect(['stale', 'clock_skew']).toContain(body.error)
      expect(await demo.bank.ledger()).toEqual([])
    })

/** A password manager that fills in the OP's form and sends it at once. */
async function typeAtOnce(context: BrowserContext): Promise<void> {
  await context.addInitScript(
    ([username, password]) => {
      addEventListener('DOMContentLoaded', () => {
        const form = document.querySelector<HTMLFormElement>('form#login')
        if (form === null) return
        Object.assign(form.elements.namedItem('username') ?? {}, { value: username })
        Object.assign(form.elements.namedItem('password') ?? {}, { value: password })
        form.requestSubmit()
      })
    },
    ['josh', passwords.josh] as const,
  )
}

const payees = ['Northwind Paper', 'Harbour Insurance', 'Linden Street Print', 'Aldgate Coffee']

test('a person who is as fast as a password manager is granted what they approve, ten times of ten', async ({
  page,
  context,
  demo,
}) => {
  test.slow()
  await typeAtOnce(context)
  await page.goto(demo.url)
  await page.getByRole('button', { name: 'Sign in' }).click()
  const codes: (string | null)[] = []
  let paid = 0
  while (codes.length < 10) {
    for (const payee of payees.slice(0, 10 - codes.length)) {
      await page.getByRole('button', { name: payee }).click()
      await page.locator('.details').getByRole('button', { name: 'Approve' }).click()
      await answer(page, 'Continue').click()
      await expect(outcome(page)).toHaveClass(/good|bad/)
      codes.push(await outcome(page).getAttribute('data-code'))
    }
    paid += (await demo.bank.ledger()).length
    // The same payments wait again. The guard remembers the logins so far.
    await demo.database.query("UPDATE payments SET status = 'waiting'")
    await demo.database.query('DELETE FROM ledger')
    await page.reload()
  }
  expect(codes).toEqual(Array(10).fill(null))
  expect(paid).toBe(10)
})
