// What any client and any resource server may ask of the scripted network, without afresh's own client.
import { compactVerify, createLocalJWKSet, decodeJwt } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { sha256 } from '../../../src/op/sha256.ts'
import type { Script, ScriptedNetwork } from '../../../src/testing/script.ts'
import { createScriptedNetwork } from '../../../src/testing/scripted-network.ts'

const issuer = 'https://op.example/tenant'
const verifier = 'a-verifier-that-is-long-enough-for-the-specification'
const callback = 'https://app.example/auth/callback.html'
const josh = { name: 'Josh', email: 'josh@example.com' } as const

let time: number
let script: Script
let network: ScriptedNetwork

const send = async (path: string, form: Record<string, string>): Promise<Response> => {
  const answer = await network.answer(
    new Request(`${issuer}${path}`, { method: 'POST', body: new URLSearchParams(form) }),
  )
  if (!answer) throw new Error('The network does not know this path')
  return answer
}
const get = async (path: string, token?: string): Promise<Response> => {
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  return (await network.answer(new Request(`${issuer}${path}`, { headers }))) as Response
}
const authorize = async (more: Record<string, string> = {}): Promise<URLSearchParams> => {
  const url = new URL(`${issuer}/authorize`)
  url.search = new URLSearchParams({
    ...{ client_id: 'app', response_type: 'code', scope: 'openid', redirect_uri: callback, state: 's1' },
    ...{ nonce: 'n1', code_challenge: await sha256(verifier), code_challenge_method: 'S256' },
    ...more,
  }).toString()
  return new URLSearchParams(network.authorize(url.href))
}
const exchange = async (more: Record<string, string> = {}, code?: string): Promise<Response> =>
  send('/token', {
    ...{ grant_type: 'authorization_code', client_id: 'app', redirect_uri: callback },
    code: code ?? (await authorize()).get('code') ?? '',
    code_verifier: verifier,
    ...more,
  })
const refresh = (refresh_token: string): Promise<Response> =>
  send('/token', { grant_type: 'refresh_token', client_id: 'app', refresh_token })
const post = async (body: object): Promise<Response> => {
  const init = { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }
  return (await network.answer(new Request('https://app.example/api/freshness', init))) as Response
}

/** Registers the tests, in whatever environment the file runs. */
export function testConversation(): void {
  beforeEach(() => {
    time = 1_800_000_000
    script = {
      ...{ issuer, clientId: 'app', endpoint: '/api/freshness', person: josh, stepUp: 'prompt' },
      now: () => time,
    }
    network = createScriptedNetwork(script)
  })

  describe('the OP', () => {
    it('publishes what it can do, and by what clock', async () => {
      const answer = await get('/.well-known/openid-configuration')
      expect(answer.headers.get('Date')).toBe(new Date(time * 1000).toUTCString())
      expect(await answer.json()).toEqual(network.metadata)
      expect(network.metadata).toMatchObject({ issuer, token_endpoint: `${issuer}/token` })
    })

    it('gives tokens that its keys verify, for a code and its verifier', async () => {
      const response = await authorize()
      expect(response.get('state')).toBe('s1')
      expect(response.get('iss')).toBe(issuer)
      const tokens = await (await exchange({}, response.get('code') ?? '')).json()
      const keys = createLocalJWKSet(await (await get('/jwks')).json())
      await compactVerify(tokens.id_token, keys, { algorithms: ['ES256'] })
      expect(decodeJwt(tokens.id_token)).toMatchObject({
        ...{ iss: issuer, aud: 'app', sub: 'josh', nonce: 'n1', email: 'josh@example.com' },
        ...{ iat: time, auth_time: time },
      })
      const claims = await (await get('/userinfo', tokens.access_token)).json()
      expect(claims).toEqual({ sub: 'josh', ...josh })
    })

    it.each([
      ['another verifier', { code_verifier: 'another' }],
      ['another client', { client_id: 'another' }],
      ['another address', { redirect_uri: 'https://evil.example/' }],
    ])('takes no code with %s', async (_, more) => {
      const answer = await exchange(more)
      expect(answer.status).toBe(400)
      expect(await answer.json()).toEqual({ error: 'invalid_grant' })
    })

    it('takes a code once, and within ten minutes', async () => {
      const code = (await authorize()).get('code') ?? ''
      expect((await exchange({}, code)).status).toBe(200)
      expect((await exchange({}, code)).status).toBe(400)
      const late = (await authorize()).get('code') ?? ''
      time += 600
      expect((await exchange({}, late)).status).toBe(400)
    })

    it.each([
      [{ client_id: 'another' }, 'unauthorized_client'],
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ scope: 'profile' }, 'invalid_scope'],
      [{ code_challenge_method: 'plain' }, 'invalid_request'],
      [{ prompt: 'none login' }, 'invalid_request'],
      [{ claims: 'no JSON' }, 'invalid_request'],
      [{ max_age: 'soon' }, 'invalid_request'],
    ])('refuses a request with %j', async (more, error) => {
      expect((await authorize(more)).get('error')).toBe(error)
    })

    it('rotates refresh tokens, and ends all when one is used twice', async () => {
      const first = await (await exchange()).json()
      const second = await (await refresh(first.refresh_token)).json()
      expect(second.refresh_token).not.toBe(first.refresh_token)
      expect((await refresh(first.refresh_token)).status).toBe(400)
      expect((await refresh(second.refresh_token)).status).toBe(400)
      expect((await get('/userinfo', second.access_token)).status).toBe(401)
    })

    it('takes no refresh token from another client', async () => {
      const { refresh_token } = await (await exchange()).json()
      const form = { grant_type: 'refresh_token', client_id: 'another', refresh_token }
      expect((await send('/token', form)).status).toBe(400)
      expect((await refresh(refresh_token)).status).toBe(200)
    })

    it('revokes tokens, and knows when they are over', async () => {
      const tokens = await (await exchange()).json()
      time += 300
      expect((await get('/userinfo', tokens.access_token)).status).toBe(401)
      await send('/revoke', { token: tokens.refresh_token })
      expect((await refresh(tokens.refresh_token)).status).toBe(400)
    })

    it('asks nobody with `prompt=none`', async () => {
      await exchange()
      time += 100
      expect((await authorize({ prompt: 'none' })).has('code')).toBe(true)
      expect((await authorize({ prompt: 'none', max_age: '100' })).has('code')).toBe(true)
      expect((await authorize({ prompt: 'none', max_age: '99' })).get('error')).toBe('login_required')
      network.endSession(`${issuer}/end-session`)
      expect((await authorize({ prompt: 'none' })).get('error')).toBe('login_required')
      script.person = null
      expect((await authorize()).get('error')).toBe('access_denied')
    })

    it('dates a login anew only where the person is asked', async () => {
      const authTimeOf = async (more: Record<string, string>): Promise<unknown> => {
        const code = (await authorize(more)).get('code') ?? ''
        return decodeJwt((await (await exchange({}, code)).json()).id_token).auth_time
      }
      const begun = time
      time += 60
      expect(await authTimeOf({})).toBe(begun)
      expect(await authTimeOf({ prompt: 'login' })).toBe(begun + 60)
      time += 60
      expect(await authTimeOf({ prompt: 'select_account' })).toBe(begun + 60)
      expect(await authTimeOf({ max_age: '59' })).toBe(begun + 120)
    })

    it('comes back from a sign-out with the state', () => {
      const url = `${issuer}/end-session?state=s2&post_logout_redirect_uri=${encodeURIComponent(callback)}`
      expect(network.endSession(url)).toBe('state=s2')
    })

    it('keeps the claims of the person until they sign in again', async () => {
      const person = { name: 'Josh', claims: { auth_time: time - 3600, acr: 'urn:pwd', department: 'sales' } }
      script.person = person
      expect(decodeJwt(network.idToken(person))).toMatchObject(person.claims)
      const code = (await authorize({ prompt: 'login', acr_values: 'urn:mfa' })).get('code') ?? ''
      const { id_token } = await (await exchange({}, code)).json()
      const now = { auth_time: time, acr: 'urn:mfa', department: 'sales' }
      expect(decodeJwt(id_token)).toMatchObject(now)
      expect(decodeJwt(network.idToken(person))).toMatchObject(now)
    })
  })

  describe('the freshness endpoint', () => {
    const prove = async (nonce: string, challenge: string): Promise<Response> =>
      post({ challenge, id_token: await network.signedIdToken(josh, { nonce, auth_time: time }) })

    it('gives a grant for a challenge that is met, once, and within ten minutes', async () => {
      const asked = await post({ action: 'pay', id_token: network.idToken(josh) })
      expect(asked.status).toBe(401)
      expect(asked.headers.get('WWW-Authenticate')).toContain('insufficient_user_authentication')
      const { challenge, nonce } = await asked.json()
      expect(await (await prove('another', challenge)).json()).toMatchObject({ error: 'nonce_mismatch' })
      expect(await (await prove(nonce, challenge)).json()).toMatchObject({
        status: 'granted',
        expires_in: 60,
      })
      expect(await (await prove(nonce, challenge)).json()).toMatchObject({ error: 'already_used' })
      time += 600
      expect(await (await prove(nonce, challenge)).json()).toMatchObject({ error: 'challenge_expired' })
    })

    it.each([
      [{ action: 'pay' }, 400],
      [{ action: 1, id_token: 'x' }, 400],
      [{ action: 'pay', id_token: 'no-jwt' }, 403],
      [{ challenge: 'unknown', id_token: 'no-jwt' }, 403],
      [{ action: 'pay', id_token: 'x', context: {} }, 400],
      [{ action: 'pay', id_token: 'x', context: {}, context_hash: 'A'.repeat(43) }, 400],
      [{ action: 'pay', id_token: 'x', context_hash: 'too-short' }, 400],
    ])('refuses %j', async (body, status) => {
      expect((await post(body)).status).toBe(status)
    })

    it('reads JSON that says it is JSON only', async () => {
      const body = JSON.stringify({ action: 'pay', id_token: network.idToken(josh) })
      const request = new Request('https://app.example/api/freshness', { method: 'POST', body })
      expect((await network.answer(request))?.status).toBe(415)
    })

    it.each<[string, Record<string, unknown>, string | null]>([
      ['is over', { exp: 1 }, null],
      ['is of another OP', { iss: 'https://other.example' }, 'invalid_token'],
      ['is for another client', { aud: 'another' }, 'invalid_token'],
      ['tells a login of tomorrow', { auth_time: 1_800_086_400 }, 'auth_time_in_future'],
      ['tells a login in words', { auth_time: 'today' }, 'invalid_token'],
    ])('is asked with an ID Token that %s', async (_, claims, error) => {
      script.stepUp = 'grant'
      for (const id_token of [network.idToken(josh, claims), await network.signedIdToken(josh, claims)]) {
        const answer = await (await post({ action: 'pay', id_token })).json()
        expect(answer).toMatchObject(error === null ? { status: 'granted' } : { status: 'denied', error })
      }
    })

    it('is asked with an ID Token that somebody else has signed', async () => {
      const end = network.idToken(josh, { department: 'sales' }).lastIndexOf('.')
      const [signed, other] = [
        await network.signedIdToken(josh),
        network.idToken(josh, { department: 'sales' }),
      ]
      const id_token = other.slice(0, end) + signed.slice(signed.lastIndexOf('.'))
      expect(await (await post({ action: 'pay', id_token })).json()).toMatchObject({ error: 'invalid_token' })
    })

    it('lets a guarded call go on with its grant only', async () => {
      script.stepUp = 'grant'
      const { access_token, id_token } = network.tokens(josh)
      const { grant } = await (await post({ action: 'pay', id_token })).json()
      const call = (headers: Record<string, string>): Request =>
        new Request('https://app.example/api/pay', { headers })
      const caller = { Authorization: `Bearer ${access_token}` }
      const granted = { ...caller, 'Step-Up-Grant': grant }
      expect((await network.requireGrant(call({}), 'pay'))?.status).toBe(401)
      expect((await network.requireGrant(call(caller), 'pay'))?.status).toBe(401)
      expect((await network.requireGrant(call(granted), 'steal'))?.status).toBe(401)
      expect(await network.requireGrant(call(granted), 'pay')).toBeNull()
      expect((await network.requireGrant(call(granted), 'pay'))?.status).toBe(401)
    })

    it('knows nothing of other requests', async () => {
      expect(await network.answer(new Request('https://app.example/api/freshness'))).toBeNull()
      expect(await network.answer(new Request('https://app.example/api/pay', { method: 'POST' }))).toBeNull()
    })
  })
}
