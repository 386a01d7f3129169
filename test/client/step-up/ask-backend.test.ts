import { describe, expect, it } from 'vitest'
import type { ResolvedOptions } from '../../../src/client/resolved-options.ts'
import { askBackend } from '../../../src/client/step-up/ask-backend.ts'
import { overNetwork } from '../../../src/op/errors.ts'
import type { OpenIdProvider } from '../../../src/op/openid-provider.ts'
import { pageBrowser } from '../../../src/op/page-browser.ts'

/** Asks a backend that answers like this. */
function ask(status: number, body: unknown): Promise<unknown> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const op: Pick<OpenIdProvider, 'call'> = { call: async () => new Response(text, { status }) }
  const options = { freshnessEndpoint: 'https://api.example/freshness', timeLimit: 5 } as ResolvedOptions
  const { signal } = new AbortController()
  return askBackend({ browser: pageBrowser, op: op as OpenIdProvider, options }, { action: 'a' }, signal)
}
const denied = (error: string) => ({ status: 'denied', error })
const failed = (error: string) => ({ status: 'failed', error })

describe('the backend’s answer', () => {
  it('is a grant', async () => {
    const granted = { status: 'granted', grant: 'g', expires_in: 60 }
    expect(await ask(200, granted)).toEqual(granted)
  })

  it('is a challenge, without the members that this version does not know', async () => {
    const challenged = { status: 'challenged', challenge: 'c', nonce: 'n', expires_in: 600 }
    expect(await ask(401, { ...challenged, news: 1 })).toEqual(challenged)
  })

  it.each<[number, unknown, object]>([
    [403, denied('stale'), { code: 'step_up_denied', reason: 'stale' }],
    [403, denied('something_new'), { code: 'step_up_denied', reason: 'something_new' }],
    // A gateway may have a status of its own.
    [400, denied('stale'), { code: 'step_up_denied', reason: 'stale' }],
    [403, failed('origin_not_allowed'), { code: 'configuration_invalid' }],
    // As servers of 0.1 said it.
    [403, denied('origin_not_allowed'), { code: 'configuration_invalid' }],
    [400, failed('cross_site'), { code: 'configuration_invalid' }],
    [400, failed('unknown_action'), { code: 'configuration_invalid' }],
    [401, failed('invalid_dpop_proof'), { code: 'configuration_invalid' }],
    [413, failed('too_large'), { code: 'configuration_invalid' }],
    // Not the guard's: a proxy's, or another page's.
    [403, { message: 'Forbidden' }, { code: 'configuration_invalid' }],
    [403, { error: 'stale' }, { code: 'configuration_invalid' }],
    [403, '<h1>Forbidden</h1>', { code: 'network' }],
    [401, { status: 'challenged', challenge: 'c' }, { code: 'configuration_invalid' }],
    [408, failed('request_timeout'), { code: 'network' }],
    [429, failed('too_many_challenges'), { code: 'network' }],
    [503, failed('temporarily_unavailable'), { code: 'network' }],
    [200, { status: 'granted' }, { code: 'network' }],
    [200, {}, { code: 'network' }],
    [200, null, { code: 'network' }],
    [500, failed('internal'), { code: 'network' }],
  ])('with status %i and body %j becomes a typed error', async (status, body, error) => {
    await expect(ask(status, body)).rejects.toMatchObject(error)
  })

  it('that is not in JSON is told with the address and the status', async () => {
    await expect(ask(404, '<h1>Not found</h1>')).rejects.toThrow(
      /\(https:\/\/api\.example\/freshness\) answered HTTP 404, and not in JSON.*not the guard/,
    )
  })

  it('that a token is refused is told with the claim that is wrong', async () => {
    const body = { ...denied('invalid_token'), error_description: 'aud is untrusted' }
    await expect(ask(403, body)).rejects.toThrow(/invalid_token.*aud is untrusted/)
  })

  it.each([
    ['origin_not_allowed', 403, /`origins`/],
    ['cross_site', 400, /same|one site.*`dpop`/],
  ])('%s becomes an error that says what to set', async (error, status, wayOut) => {
    await expect(ask(status, failed(error))).rejects.toThrow(wayOut)
  })

  it.each([
    [
      'what the guard says is wrong',
      { error_description: 'a `context` is missing' },
      /invalid_request.*context/,
    ],
    ['nothing more, where an older guard says nothing', {}, /invalid_request$/],
    ['nothing that is no text', { error_description: { html: '<b>' } }, /invalid_request$/],
  ])('a request that can never be answered becomes an error that says %s', async (_, more, words) => {
    const error = ask(400, { ...failed('invalid_request'), ...more })
    await expect(error).rejects.toMatchObject({ code: 'configuration_invalid' })
    await expect(error).rejects.toThrow(words)
  })
})

it('a caller who gives up while the backend is asked gets interaction_cancelled', async () => {
  const controller = new AbortController()
  const call: OpenIdProvider['call'] = async request => {
    controller.abort()
    request.signal.throwIfAborted()
    return new Response()
  }
  const options = { freshnessEndpoint: 'https://api.example/freshness', timeLimit: 5 } as ResolvedOptions
  const asked = askBackend(
    { browser: pageBrowser, op: { call } as OpenIdProvider, options },
    { action: 'a' },
    controller.signal,
  )
  await expect(asked).rejects.toMatchObject({ code: 'interaction_cancelled', reason: 'aborted' })
})

it('an endpoint that cannot be reached is told with its address', async () => {
  const call: OpenIdProvider['call'] = () => overNetwork(Promise.reject(new TypeError('Failed to fetch')))
  const options = { freshnessEndpoint: 'https://api.example/freshness', timeLimit: 5 } as ResolvedOptions
  const { signal } = new AbortController()
  const asked = askBackend(
    { browser: pageBrowser, op: { call } as OpenIdProvider, options },
    { action: 'a' },
    signal,
  )
  await expect(asked).rejects.toMatchObject({ code: 'network' })
  await expect(asked).rejects.toThrow(/\(https:\/\/api\.example\/freshness\) could not be reached/)
})
