// @vitest-environment jsdom
import type { AuthClient, StepUpOptions } from 'afresh'
import { decodeJwt } from 'jose'
import { describe, expect, it, vi } from 'vitest'
import { defaults } from '../../../src/client/defaults.ts'
import {
  answer,
  type ClientOptions,
  createClient,
  op,
  page,
  prompt,
  prompted,
  seconds,
  session,
  setUpPage,
  until,
} from '../../support/client.ts'
import type { Visit } from '../../support/page.ts'
import { payment } from '../../support/shop.ts'

let client: AuthClient

setUpPage()

/** Josh, whose login is as old as the token says. */
async function signedIn(
  login: { age?: number; exp?: number; refresh_token?: string },
  options: ClientOptions = {},
) {
  const { age = 1000, exp = 300, refresh_token } = login
  client = createClient({ timeLimit: 5, ...options })
  const claims = { auth_time: seconds() - age, exp: seconds() + exp }
  page.popups.push({ claims, token: { refresh_token, expires_in: 3600 } })
  op.refreshAnswer = { claims: { auth_time: claims.auth_time } }
  await client.signIn()
}

const stepUp = (options: StepUpOptions = {}): Promise<unknown> => client.stepUp('email.change', options)
const frames = (): URL[] => page.visited.filter(({ searchParams }) => searchParams.get('prompt') === 'none')
const toBackend = (): Request[] => page.requests.filter(({ url }) => url.endsWith('/api/freshness'))
const refreshes = (): number => op.forms.filter(form => form.get('grant_type') === 'refresh_token').length
/** A login of ten seconds ago, which the OP's session has and the app's tokens do not show. */
const recent = (token: Record<string, unknown> = {}): Visit => ({
  claims: { auth_time: seconds() - 10 },
  token: { access_token: 'framed', expires_in: 3600, ...token },
})
/** Answers the nth exchange with the backend like this. */
function refuse(nth: number, error: string): void {
  let seen = 0
  page.intercept = ({ url }) =>
    url.endsWith('/api/freshness') && ++seen === nth
      ? Response.json({ status: 'denied', error }, { status: 403 })
      : undefined
}

/** Those that succeeded come first. */
const bySuccess = (outcomes: PromiseSettledResult<unknown>[]): PromiseSettledResult<unknown>[] =>
  outcomes.toSorted((a, b) => a.status.localeCompare(b.status))

/** Refuses the first proof. Of several step-ups at once it is not known which request comes when. */
function refuseFirstProof(error: string): void {
  let isRefused = false
  page.intercept = async request => {
    const isProof =
      request.url.endsWith('/api/freshness') && (await request.clone().text()).includes('"challenge"')
    if (!isProof || isRefused) return undefined
    isRefused = true
    return Response.json({ status: 'denied', error }, { status: 403 })
  }
}

describe('a challenge that asks for no prompt', () => {
  it('is answered in a hidden frame where the OP’s session is fresh enough', async () => {
    await signedIn({})
    page.frame = recent()
    const { expiresIn } = (await stepUp()) as { expiresIn: number }
    expect(expiresIn).toBe(60)
    expect(prompt(client)).toBeNull()
    const { nonce } = await challengeSent()
    expect(Object.fromEntries(frames()[0]?.searchParams ?? [])).toMatchObject({ max_age: '300', nonce })
    expect(page.openWindows).toBe(0)
    expect(await client.getAccessToken()).toBe('framed')
  })

  it.each<[string, NonNullable<ClientOptions['provider']>]>([
    ['ignores max_age', { name: 'acme', maxAge: 'none' }],
    ['tells auth_time after a login only', { name: 'acme', authTime: 'login' }],
  ])('is answered in a hidden frame also by an OP that %s', async (_, provider) => {
    await signedIn({}, { provider })
    page.frame = recent()
    await expect(stepUp()).resolves.toMatchObject({ expiresIn: 60 })
    expect(prompt(client)).toBeNull()
    expect(frames()).toHaveLength(1)
  })

  it('brings the prompt when an OP that ignores max_age answers with a login that is too old', async () => {
    await signedIn({}, { provider: { name: 'acme', maxAge: 'none' } })
    page.frame = { claims: { auth_time: seconds() - 331 } }
    stepUp().catch(() => {})
    await prompted(client, 'step_up')
    expect(toBackend()).toHaveLength(1)
  })

  it('is answered in a hidden frame as well when a sensitive call got it', async () => {
    await signedIn({})
    page.frame = recent()
    expect((await client.fetch('/api/email', { method: 'POST' })).status).toBe(200)
    expect(page.shop.ledger).toHaveLength(1)
    expect(prompt(client)).toBeNull()
  })

  it.each<[string, Visit]>([
    ['a login that is too old', { claims: { auth_time: seconds() - 1000 } }],
    ['no auth_time', { claims: { auth_time: undefined } }],
    ['login_required', { error: 'login_required' }],
    ['unmet_authentication_requirements', { error: 'unmet_authentication_requirements' }],
    ['an ID Token of another nonce', { claims: { auth_time: seconds(), nonce: 'other' } }],
    ['no tokens', { raw: { status: 500, type: 'text/plain', body: '' } }],
  ])('brings the prompt when the frame gives %s, which is neither proved nor kept', async (_, frame) => {
    await signedIn({})
    const before = session(client)
    page.frame = frame
    const pending = stepUp()
    await prompted(client, 'step_up')
    expect(frames()).toHaveLength(1)
    expect(toBackend()).toHaveLength(1)
    expect(session(client)).toEqual(before)
    expect(await client.getAccessToken()).toBe('at')
    page.popups.push({})
    answer(client, 'continue')
    await expect(pending).resolves.toMatchObject({ expiresIn: 60 })
  })

  it.each(['stale', 'acr_unmet', 'amr_unmet'])(
    'stays good for the prompt after the refusal %s',
    async error => {
      await signedIn({})
      refuse(2, error)
      page.frame = recent()
      page.popups.push({ token: { access_token: 'popup' } })
      const pending = stepUp()
      await prompted(client, 'step_up')
      expect(await client.getAccessToken()).toBe('at')
      answer(client, 'continue')
      await expect(pending).resolves.toMatchObject({ expiresIn: 60 })
      const [ask, silent, proof] = await Promise.all(toBackend().map(request => request.json()))
      expect(ask.action).toBe('email.change')
      expect(proof.challenge).toBe(silent.challenge)
      expect(page.visited.at(-1)?.searchParams.get('nonce')).toBe(frames()[0]?.searchParams.get('nonce'))
      expect(await client.getAccessToken()).toBe('popup')
    },
  )

  it.each(['federated', 'binding_mismatch', 'already_used'])(
    'ends at the refusal %s, which a person cannot mend, and keeps the session’s token',
    async error => {
      await signedIn({})
      refuse(2, error)
      page.frame = recent()
      await expect(stepUp()).rejects.toMatchObject({ code: 'step_up_denied', reason: error })
      expect(prompt(client)).toBeNull()
      expect(await client.getAccessToken()).toBe('at')
    },
  )

  it('ends alone at a refusal, and not with a step-up that joined it', async () => {
    await signedIn({})
    refuseFirstProof('federated')
    page.frame = recent()
    const outcomes = await Promise.allSettled([stepUp(), stepUp()])
    expect(bySuccess(outcomes)).toMatchObject([
      { status: 'fulfilled', value: { expiresIn: 60 } },
      { status: 'rejected', reason: { reason: 'federated' } },
    ])
  })

  it('asks the person which account to use when the frame brings another one', async () => {
    await signedIn({})
    page.frame = { claims: { sub: 'jane' } }
    await expect(stepUp()).rejects.toMatchObject({ code: 'account_mismatch' })
    expect(prompt(client)).toMatchObject({ type: 'account_mismatch', actual: { sub: 'jane' } })
    expect(session(client)).toMatchObject({ account: { sub: 'josh' } })
    expect(toBackend()).toHaveLength(1)
  })

  it('waits three seconds for a frame, and asks none in this tab once one gave no answer', async () => {
    await signedIn({})
    page.frame = 'stay'
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    stepUp().catch(() => {})
    await realUntil(() => frames().length === 1)
    await vi.advanceTimersByTimeAsync(2999)
    expect(prompt(client)).toBeNull()
    await vi.advanceTimersByTimeAsync(1)
    await realUntil(() => prompt(client)?.type === 'step_up')
    expect(page.openWindows).toBe(0)
    answer(client, 'cancel')
    stepUp().catch(() => {})
    await realUntil(() => prompt(client)?.type === 'step_up')
    expect(frames()).toHaveLength(1)
  })

  it('waits three seconds in all, even if the frame answers and the token endpoint does not', async () => {
    await signedIn({})
    page.frame = recent()
    const network = page.fetch
    let asked = 0
    page.fetch = async input => {
      if (!(input as Request).url.endsWith('/token')) return network(input)
      asked++
      return new Promise(() => {})
    }
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    stepUp().catch(() => {})
    await realUntil(() => asked === 1)
    await vi.advanceTimersByTimeAsync(3000)
    await realUntil(() => prompt(client)?.type === 'step_up')
  })

  it('asks a frame again in this tab once one has given an answer', async () => {
    await signedIn({}, { timeLimit: 0.2 })
    page.frame = 'stay'
    await expect(client.renew()).rejects.toMatchObject({ code: 'timeout' })
    stepUp().catch(() => {})
    await prompted(client, 'step_up')
    expect(frames()).toHaveLength(1)
    answer(client, 'cancel')
    page.frame = { error: 'server_error' }
    await expect(client.renew()).rejects.toMatchObject({ code: 'authorization_failed' })
    page.frame = recent()
    await expect(stepUp()).resolves.toBeDefined()
  })

  it.each<[string, ClientOptions]>([
    ['the profile says that frames do not work', { provider: { name: 'acme', iframe: false } }],
    ['the app wants no frames', { renewal: { via: ['refresh'] } }],
    ['the OP knows no prompt "none"', { provider: { name: 'acme', promptValues: ['login'] } }],
  ])('asks no frame where %s', async (_, options) => {
    await signedIn({}, options)
    page.frame = recent()
    stepUp().catch(() => {})
    await prompted(client, 'step_up')
    expect(frames()).toEqual([])
  })

  it('leaves no window and no prompt when it is given up while the frame is asked', async () => {
    await signedIn({})
    page.frame = 'stay'
    const controller = new AbortController()
    const ended = expect(stepUp({ signal: controller.signal })).rejects.toMatchObject({
      code: 'interaction_cancelled',
      reason: 'aborted',
    })
    await until(() => frames().length === 1)
    controller.abort()
    await ended
    expect(page.openWindows).toBe(0)
    expect(prompt(client)).toBeNull()
  })

  it('ends at once when the person signs out while the frame is asked', async () => {
    await signedIn({})
    page.frame = 'stay'
    const ended = expect(stepUp()).rejects.toMatchObject({ reason: 'signed_out' })
    await until(() => frames().length === 1)
    await client.signOut()
    await ended
    expect(session(client)).toMatchObject({ status: 'anonymous' })
    expect(page.openWindows).toBe(0)
    expect(toBackend()).toHaveLength(1)
  })

  it.each([
    ['rt2', 'rt2'],
    [undefined, 'rt'],
  ])('takes from its frame the refresh token %s, and the next renewal uses %s', async (brought, next) => {
    await signedIn({ refresh_token: 'rt' })
    page.frame = recent({ refresh_token: brought })
    op.refreshAnswer = { claims: { auth_time: undefined } }
    await stepUp()
    await client.renew()
    expect(op.forms.at(-1)?.get('refresh_token')).toBe(next)
  })
})

it('a challenge that asks for a login of its own asks no frame', async () => {
  await signedIn({})
  page.frame = recent()
  client.stepUp('payment.approve', { context: { ...payment } }).catch(() => {})
  await prompted(client, 'step_up')
  expect(frames()).toEqual([])
})

describe('an ID Token that has expired', () => {
  /** A minute goes by. The login is still fresh enough, but the ID Token does not say so any more. */
  async function expired(refresh_token?: string, options: ClientOptions = {}): Promise<void> {
    await signedIn({ age: 0, exp: 20, ...(refresh_token !== undefined && { refresh_token }) }, options)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
  }
  const asked = async (): Promise<number | undefined> => {
    const question = await toBackend()[0]?.json()
    return decodeJwt(question.id_token).exp
  }

  it('is renewed before the backend is asked, so that a person who is fresh enough is not asked', async () => {
    await expired('rt')
    const before = refreshes()
    await expect(stepUp()).resolves.toMatchObject({ expiresIn: 60 })
    expect(refreshes()).toBe(before + 1)
    expect(await asked()).toBeGreaterThan(seconds())
    expect(toBackend()).toHaveLength(1)
    expect(frames()).toEqual([])
  })

  it('is renewed when only the OP’s clock says so, because this device’s is slow', async () => {
    page.intercept = ({ url }) => {
      if (new URL(url).pathname !== defaults.callbackUrl) return undefined
      return new Response('', { headers: { Date: new Date((seconds() + 90) * 1000).toUTCString() } })
    }
    client = createClient()
    const claims = { iat: seconds() + 90, exp: seconds() + 80, auth_time: seconds() }
    page.popups.push({ claims, token: { refresh_token: 'rt', expires_in: 3600 } })
    op.refreshAnswer = { claims: { auth_time: claims.auth_time } }
    await client.signIn()
    const before = refreshes()
    await expect(stepUp()).resolves.toMatchObject({ expiresIn: 60 })
    expect(refreshes()).toBe(before + 1)
  })

  it('is renewed in a hidden frame where there is no refresh token', async () => {
    await expired()
    page.frame = { claims: { auth_time: seconds() - 60 } }
    await expect(stepUp()).resolves.toMatchObject({ expiresIn: 60 })
    expect(await asked()).toBeGreaterThan(seconds())
  })

  it('is left to the challenge’s own frame where a refresh does not replace it, and is refreshed once only', async () => {
    await expired('rt')
    op.refreshAnswer = { token: { id_token: undefined, expires_in: 3600 } }
    const before = refreshes()
    stepUp().catch(() => {})
    await prompted(client, 'step_up')
    answer(client, 'cancel')
    page.frame = recent()
    await expect(stepUp()).resolves.toMatchObject({ expiresIn: 60 })
    expect(refreshes()).toBe(before + 1)
  })

  it('is sent to the backend as it is when the renewal fails', async () => {
    await expired('rt')
    op.refreshAnswer = { raw: { status: 500, type: 'text/plain', body: '' } }
    page.popups.push({})
    const pending = stepUp()
    await prompted(client, 'step_up')
    expect(await asked()).toBeLessThan(seconds())
    answer(client, 'continue')
    await expect(pending).resolves.toMatchObject({ expiresIn: 60 })
  })

  it('is sent to the backend as it is where nothing can renew it, and the session stays as it was', async () => {
    await expired(undefined, { provider: { name: 'acme', iframe: false } })
    stepUp().catch(() => {})
    await prompted(client, 'step_up')
    expect(session(client)).toMatchObject({ renewal: { status: 'ok' } })
    expect(frames()).toEqual([])
  })

  it('is sent to the backend as it is when the renewal gives no answer in three seconds', async () => {
    await expired()
    page.frame = 'stay'
    vi.useRealTimers()
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: Date.now() + 60_000 })
    stepUp().catch(() => {})
    await realUntil(() => frames().length === 1)
    expect(toBackend()).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(3000)
    await realUntil(() => toBackend().length === 1)
  })

  it('makes the client ask the person, and not the backend, when the renewal brings another person', async () => {
    await expired()
    page.frame = { claims: { sub: 'jane' } }
    await expect(stepUp()).rejects.toMatchObject({ code: 'account_mismatch' })
    expect(prompt(client)).toMatchObject({ type: 'account_mismatch' })
    expect(toBackend()).toEqual([])
  })

  it('is renewed, while one that is still good is not', async () => {
    await signedIn({ age: 0, refresh_token: 'rt' })
    const before = refreshes()
    await stepUp()
    expect(refreshes()).toBe(before)
  })
})

describe('a resource server that wants a more recent login (RFC 9470)', () => {
  const insufficient = 'Bearer error="insufficient_user_authentication"'
  const takes = (token: string, header = `${insufficient}, max_age="60"`): void => {
    page.intercept = request => {
      if (new URL(request.url).pathname !== '/reports') return undefined
      return request.headers.get('Authorization') === `Bearer ${token}`
        ? Response.json({ report: 1 })
        : new Response(null, { status: 401, headers: { 'WWW-Authenticate': header } })
    }
  }
  const sent = (): (string | null)[] =>
    page.requests
      .filter(({ url }) => url.endsWith('/reports'))
      .map(({ headers }) => headers.get('Authorization'))

  it('is shown what a hidden frame brings, and no prompt appears', async () => {
    takes('framed')
    await signedIn({})
    page.frame = recent()
    const response = await client.fetch('/reports', { method: 'POST', body: 'all of them' })
    expect(response.status).toBe(200)
    expect(sent()).toEqual(['Bearer at', 'Bearer framed'])
    expect(frames()[0]?.searchParams.get('max_age')).toBe('60')
    expect(prompt(client)).toBeNull()
    expect(await client.getAccessToken()).toBe('framed')
  })

  it('makes the prompt appear when the frame’s login does not suffice, and the session keeps its token until then', async () => {
    takes('popup')
    await signedIn({})
    page.frame = recent()
    page.popups.push({ token: { access_token: 'popup' } })
    const response = client.fetch('/reports')
    await prompted(client, 'step_up')
    expect(await client.getAccessToken()).toBe('at')
    answer(client, 'continue')
    expect((await response).status).toBe(200)
    expect(sent()).toEqual(['Bearer at', 'Bearer framed', 'Bearer popup'])
  })

  it('fails only the request that it does not answer with the frame’s token, and not one that joined it', async () => {
    takes('framed')
    await signedIn({})
    page.frame = recent()
    const { intercept } = page
    let retries = 0
    page.intercept = async request => {
      const response = await intercept(request)
      if (response?.ok && retries++ === 0) throw new TypeError('Failed to fetch')
      return response
    }
    // Of two at once it is not known which fails.
    const outcomes = await Promise.allSettled([client.fetch('/reports'), client.fetch('/reports')])
    expect(bySuccess(outcomes)).toMatchObject([
      { status: 'fulfilled', value: { status: 200 } },
      { status: 'rejected', reason: expect.any(TypeError) },
    ])
    expect(prompt(client)).toBeNull()
  })

  it('makes the prompt appear at once when it does not take the frame’s acr', async () => {
    takes('popup', `${insufficient}, max_age="60", acr_values="gold"`)
    await signedIn({})
    page.frame = { claims: { acr: 'bronze' }, token: { access_token: 'framed' } }
    client.fetch('/reports').catch(() => {})
    await prompted(client, 'step_up')
    expect(frames()[0]?.searchParams.get('acr_values')).toBe('gold')
    expect(sent()).toEqual(['Bearer at'])
  })

  it('makes the client ask no frame when it demands acr_values alone', async () => {
    takes('popup', `${insufficient}, acr_values="gold"`)
    await signedIn({})
    client.fetch('/reports').catch(() => {})
    await prompted(client, 'step_up')
    expect(frames()).toEqual([])
  })
})

/** What `until` is to a test that moves the timers itself. */
async function realUntil(predicate: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20_000 && !predicate(); turn++)
    await new Promise(resolve => setImmediate(resolve))
  expect(predicate()).toBe(true)
}

/** The nonce of the challenge that the proof answered: the digest of its text. */
async function challengeSent(): Promise<{ readonly nonce: string }> {
  const proof = await toBackend()[1]?.json()
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(proof.challenge))
  return { nonce: Buffer.from(digest).toString('base64url') }
}
