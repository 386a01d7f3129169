// @vitest-environment jsdom
import type { AuthClient } from 'afresh'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { answer, createClient, departures, page, prompt, seconds, setUpPage } from '../../support/client.ts'
import { payment } from '../../support/shop.ts'

let client: AuthClient
/** What the next challenges say, in order; the last one stays. */
let waits: unknown[]

setUpPage()
beforeEach(() => {
  waits = []
  page.amend = body => {
    const wait = waits.length > 1 ? waits.shift() : waits[0]
    return body.status === 'challenged' ? { ...body, wait } : body
  }
  // jsdom says that it cannot leave the page.
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
/** Josh, who signed in a while ago. From here on the page's monotonic clock moves only when a test says so. */
async function signedIn(way: 'popup' | 'redirect' = 'popup'): Promise<void> {
  const interaction = (): ('popup' | 'redirect')[] => [page.visited.length === 0 ? 'popup' : way]
  client = createClient({ interaction, timeLimit: 10 })
  page.popups.push({ claims: { auth_time: seconds() - 1000 } })
  await client.signIn()
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
}

/** Lets everything happen that needs no time: a request to the OP hashes its verifier before it leaves. */
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
const prompted = (): Promise<void> => until(() => prompt(client)?.type === 'step_up')
const context = { ...payment }
/** How many authorization requests have left for the OP, by whichever way. */
const left = (): number => page.visited.length - 1 + departures().length

const ask = (signal?: AbortSignal): Promise<unknown> =>
  client.stepUp('payment.approve', { context, ...(signal && { signal }) })
const call = (signal?: AbortSignal): Promise<unknown> =>
  client.fetch('/api/payments/approve', {
    method: 'POST',
    body: JSON.stringify(payment),
    ...(signal && { signal }),
  })
const challengedBy = { 'an Ask': ask, 'a sensitive call': call }
const ways = Object.entries(challengedBy).flatMap(([what, start]) =>
  (['popup', 'redirect'] as const).map(way => [what, way, start] as const),
)

describe.each(ways)('%s that is challenged and goes on by %s', (_, way, start) => {
  it('lets no authorization request leave before the wait is over', async () => {
    waits = [412]
    await signedIn(way)
    page.popups.push('stay')
    start().catch(() => {})
    await prompted()
    answer(client, 'continue')
    expect(page.openWindows).toBe(way === 'popup' ? 1 : 0)
    await settle()
    expect(left()).toBe(0)
    vi.advanceTimersByTime(411)
    await settle()
    expect(left()).toBe(0)
    vi.advanceTimersByTime(1)
    await until(() => left() === 1)
  })

  it('counts the wait from the answer’s arrival, so that a person who takes longer never notices', async () => {
    waits = [1000]
    await signedIn(way)
    page.popups.push('stay')
    start().catch(() => {})
    await prompted()
    vi.advanceTimersByTime(999)
    answer(client, 'continue')
    await settle()
    expect(left()).toBe(0)
    vi.advanceTimersByTime(1)
    await until(() => left() === 1)
  })

  it.each([undefined, null, 0, -5, Number.NaN, '412', { ms: 412 }])('does not wait for %j', async wait => {
    waits = [wait]
    await signedIn(way)
    page.popups.push('stay')
    start().catch(() => {})
    await prompted()
    answer(client, 'continue')
    await until(() => left() === 1)
  })

  it('waits a second at most', async () => {
    waits = [86_400_000]
    await signedIn(way)
    page.popups.push('stay')
    start().catch(() => {})
    await prompted()
    answer(client, 'continue')
    await settle()
    vi.advanceTimersByTime(999)
    await settle()
    expect(left()).toBe(0)
    vi.advanceTimersByTime(1)
    await until(() => left() === 1)
  })

  it('leaves nothing behind when it is given up meanwhile', async () => {
    waits = [412]
    await signedIn(way)
    page.popups.push('stay')
    const controller = new AbortController()
    const ended = expect(start(controller.signal)).rejects.toMatchObject({ code: 'interaction_cancelled' })
    await prompted()
    answer(client, 'continue')
    await settle()
    controller.abort()
    await ended
    vi.advanceTimersByTime(1000)
    await settle()
    expect({ left: left(), windows: page.openWindows, prompt: prompt(client) }).toEqual({
      left: 0,
      windows: 0,
      prompt: null,
    })
  })
})

it('a person who cancels while the popup waits leaves nothing behind', async () => {
  waits = [412]
  await signedIn()
  page.popups.push('stay')
  const ended = expect(ask()).rejects.toMatchObject({ reason: 'dismissed' })
  await prompted()
  answer(client, 'continue')
  await settle()
  answer(client, 'cancel')
  await ended
  vi.advanceTimersByTime(1000)
  await settle()
  expect({ left: left(), windows: page.openWindows, prompt: prompt(client) }).toEqual({
    left: 0,
    windows: 0,
    prompt: null,
  })
})

it('the newest challenge counts for a step-up that waited for another', async () => {
  waits = [10, 1000, 300]
  await signedIn()
  page.popups.push('stay', 'stay')
  const controller = new AbortController()
  ask(controller.signal).catch(() => {})
  await prompted()
  ask().catch(() => {})
  await until(() => waits.length === 1)
  await settle()
  controller.abort()
  await until(() => page.requests.filter(({ url }) => url.endsWith('/api/freshness')).length === 3)
  await prompted()
  answer(client, 'continue')
  await settle()
  vi.advanceTimersByTime(299)
  await settle()
  expect(left()).toBe(0)
  vi.advanceTimersByTime(1)
  await until(() => left() === 1)
})

it('a step-up with an old server goes through without a wait, and new members of an answer do not matter', async () => {
  page.amend = ({ wait: _, ...body }) => ({ ...body, mood: 'new', hints: { a: [1] } })
  await signedIn()
  // After the challenge's second, whichever that is, since nothing here waits for it.
  page.popups.push({ claims: { auth_time: seconds() + 10 } })
  const grant = client.stepUp('payment.approve', { context })
  await prompted()
  answer(client, 'continue')
  expect((await grant).expiresIn).toBe(60)
})
