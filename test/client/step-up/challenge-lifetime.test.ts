// @vitest-environment jsdom
import type { AuthClient } from 'afresh'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { StepUpPurpose } from '../../../src/client/redirect-purpose.ts'
import type { Departure } from '../../../src/op/redirects.ts'
import {
  answer,
  createClient,
  departures,
  op,
  page,
  prompt,
  seconds,
  setUpPage,
  unload,
} from '../../support/client.ts'
import { payment } from '../../support/shop.ts'

let client: AuthClient

setUpPage()
beforeEach(() => {
  // jsdom says that it cannot leave the page.
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

/** Josh, at a backend whose challenges say this. From here on time stands still until a test moves it. */
async function signedIn(expires_in: unknown, way: 'popup' | 'redirect' = 'popup'): Promise<void> {
  page.amend = body => (body.status === 'challenged' ? { ...body, expires_in, wait: undefined } : body)
  const interaction = (): ('popup' | 'redirect')[] => [page.visited.length === 0 ? 'popup' : way]
  client = createClient({ interaction, timeLimit: 10 })
  page.popups.push({ claims: { auth_time: seconds() - 1000 } })
  await client.signIn()
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
}

/** Lets everything happen that needs no time. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) {
    await new Promise(resolve => setImmediate(resolve))
    await crypto.subtle.digest('SHA-256', new Uint8Array(1))
  }
}
async function until(predicate: () => boolean): Promise<void> {
  const end = Date.now() + 4000
  while (!predicate() && Date.now() < end) await settle()
  expect(predicate()).toBe(true)
}

/** A step-up whose prompt is on screen; `outcome` is what it settles with. */
async function prompted(action = 'payment.approve'): Promise<{ outcome: () => unknown }> {
  let outcome: unknown
  const settled = (value: unknown): void => {
    outcome = value
  }
  const context = action === 'payment.approve' ? { ...payment } : undefined
  client.stepUp(action, { context }).then(settled, settled)
  await until(() => prompt(client)?.type === 'step_up')
  return { outcome: () => outcome }
}

/** The page is loaded with what its sessionStorage kept under that key, so many seconds after it left. */
async function comeBack(key: string, kept: string, after: number): Promise<void> {
  const { transaction }: Departure<unknown> = JSON.parse(kept)
  await vi.waitFor(() => unload(client))
  vi.useRealTimers()
  sessionStorage.setItem(key, kept)
  sessionStorage.setItem('afresh:response', JSON.stringify(op.authorize(transaction?.url ?? '')))
  vi.setSystemTime(((transaction?.startedAt ?? 0) + after) * 1000)
  client = createClient({ timeLimit: 10, clockSkew: 3600 })
  client.mount()
  await vi.waitFor(() => expect(client.store.getState().resumed).not.toBeNull())
}

describe('a challenge that says `expires_in`', () => {
  it.each([
    [60, 59_999, 60_000],
    [900, 899_999, 900_000],
    ['soon', 599_999, 600_000],
    [undefined, 599_999, 600_000],
  ])(
    '%j lets the person take %i ms in the popup, and gives up after %i',
    async (expires_in, before, after) => {
      await signedIn(expires_in)
      page.popups.push('stay')
      const { outcome } = await prompted()
      answer(client, 'continue')
      await until(() => page.visited.length === 2)
      vi.advanceTimersByTime(before)
      await settle()
      expect(outcome()).toBeUndefined()
      vi.advanceTimersByTime(after - before)
      await until(() => outcome() !== undefined)
      expect(outcome()).toMatchObject({ code: 'step_up_denied', reason: 'challenge_expired' })
    },
  )
})

describe('a challenge that has run out at the person’s click', () => {
  const asks = (): Request[] => page.requests.filter(({ url }) => url.endsWith('/api/freshness'))
  const nonceOf = async (challenge: string): Promise<string> => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(challenge))
    return Buffer.from(digest).toString('base64url')
  }

  it.each([
    [59_999, 2],
    [60_000, 3],
    [86_400_000, 3],
  ])('after %i ms of 60 s is asked for anew if it must be, and the click works', async (wait, times) => {
    await signedIn(60)
    page.popups.push({})
    // Its login may be of the challenge's own second: time stands still.
    const { outcome } = await prompted('email.change')
    vi.advanceTimersByTime(wait)
    answer(client, 'continue')
    await until(() => outcome() !== undefined)
    expect(outcome()).toMatchObject({ expiresIn: 60 })
    expect(asks()).toHaveLength(times)
    const proof = await asks().at(-1)?.json()
    expect(page.visited.at(-1)?.searchParams.get('nonce')).toBe(await nonceOf(proof.challenge))
    expect(page.popups).toEqual([])
  })

  it('lets the person take as long at the OP as the new one lives', async () => {
    await signedIn(60)
    page.popups.push('stay')
    const { outcome } = await prompted()
    vi.advanceTimersByTime(60_000)
    answer(client, 'continue')
    await until(() => page.visited.length === 2)
    vi.advanceTimersByTime(59_999)
    await settle()
    expect(outcome()).toBeUndefined()
    vi.advanceTimersByTime(1)
    await until(() => outcome() !== undefined)
    expect(outcome()).toMatchObject({ code: 'step_up_denied', reason: 'challenge_expired' })
    expect(asks()).toHaveLength(2)
  })

  it.each<[string, () => Response, object]>([
    [
      'a grant, the person need not sign in',
      () => Response.json({ status: 'granted', grant: 'g', expires_in: 30 }),
      { expiresIn: 30 },
    ],
    ['no answer, it fails', () => new Response(null, { status: 503 }), { code: 'network' }],
    [
      'a refusal, it fails',
      () => Response.json({ status: 'denied', error: 'federated' }, { status: 403 }),
      { code: 'step_up_denied', reason: 'federated' },
    ],
  ])('and brings %s, and the popup closes', async (_, response, expected) => {
    await signedIn(60)
    page.popups.push('stay')
    const { outcome } = await prompted()
    vi.advanceTimersByTime(60_000)
    page.intercept = ({ url }) => (url.endsWith('/api/freshness') ? response() : undefined)
    answer(client, 'continue')
    await until(() => outcome() !== undefined)
    expect(outcome()).toMatchObject(expected)
    expect(asks()).toHaveLength(2)
    expect([page.visited.length, page.openWindows]).toEqual([1, 0])
    expect(prompt(client)).toBeNull()
  })

  it('goes along by a full-page redirect as the new one', async () => {
    await signedIn(60, 'redirect')
    await prompted()
    vi.advanceTimersByTime(60_000)
    answer(client, 'continue')
    await until(() => departures().length === 1)
    const { purpose, transaction }: Departure<StepUpPurpose> = JSON.parse(departures()[0]?.[1] ?? '')
    const { asked } = purpose
    if (asked.by !== 'guard') throw new TypeError('Another server asked')
    expect(asked.expiresIn).toBe(60)
    expect(transaction?.nonce).toBe(await nonceOf(asked.challenge))
    expect(asks()).toHaveLength(2)
  })

  it('is refused before the person leaves where a sensitive call brought it, which is not sent again', async () => {
    await signedIn(60)
    page.popups.push('stay')
    let outcome: unknown
    client.fetch('/api/payments/approve', { method: 'POST', body: JSON.stringify(payment) }).catch(error => {
      outcome = error
    })
    await until(() => prompt(client)?.type === 'step_up')
    vi.advanceTimersByTime(60_000)
    answer(client, 'continue')
    await until(() => outcome !== undefined)
    expect(outcome).toMatchObject({ code: 'step_up_denied', reason: 'challenge_expired' })
    expect(page.visited).toHaveLength(1)
    expect(page.requests.filter(({ url }) => url.endsWith('/approve'))).toHaveLength(1)
  })
})

describe('a step-up that comes back from a full-page redirect', () => {
  it.each([
    [60, 60, null],
    [60, 61, 'challenge_expired'],
    [900, 900, null],
    [900, 901, 'challenge_expired'],
    ['as 0.1 left it', 600, null],
    ['as 0.1 left it', 601, 'challenge_expired'],
  ])('with a challenge for %s s, after %i s, has the error %s', async (lifetime, seconds, reason) => {
    await signedIn(lifetime, 'redirect')
    await prompted()
    answer(client, 'continue')
    await until(() => departures().length === 1)
    const [key, kept] = departures()[0] as [string, string]
    const departure: Departure<StepUpPurpose> = JSON.parse(kept)
    const { purpose } = departure
    const { asked, ...others } = purpose
    if (asked.by !== 'guard') throw new TypeError('Another server asked')
    const { challenge, expiresIn } = asked
    if (typeof lifetime === 'number') expect(expiresIn).toBe(lifetime)
    const old = { ...others, challenge }
    const left = typeof lifetime === 'number' ? departure : { ...departure, purpose: old }
    await comeBack(key, JSON.stringify(left), seconds)
    const { error } = client.store.getState().resumed ?? {}
    expect(error ?? null).toEqual(reason && expect.objectContaining({ reason }))
  })

  it('has no challenge that could expire where a resource server asked', async () => {
    await signedIn(60, 'redirect')
    const headers = { 'WWW-Authenticate': 'Bearer error="insufficient_user_authentication", max_age="60"' }
    page.intercept = ({ url }) =>
      url.endsWith('/reports') ? new Response(null, { status: 401, headers }) : undefined
    client.fetch('/reports').catch(() => {})
    await until(() => prompt(client)?.type === 'step_up')
    answer(client, 'continue')
    await until(() => departures().length === 1)
    const [key, kept] = departures()[0] as [string, string]
    await comeBack(key, kept, 3000)
    expect(client.store.getState().resumed).toMatchObject({ action: null, error: null })
  })
})
