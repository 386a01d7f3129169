import { GuardError } from 'afresh/server/access-token'
import {
  createTestAccessTokenGuard,
  createTestGuard,
  createTestOp,
  type TestAccessTokenFault,
} from 'afresh/testing/server'
import { describe, expect, it } from 'vitest'

const request = (headers: HeadersInit): Request => new Request('http://localhost/', { headers })

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'none'
  } catch (error) {
    if (error instanceof GuardError) return error.reason ?? error.code
    throw error
  }
}

describe('the access token guard under test', () => {
  it('lets a token in', async () => {
    const { guard, headersFor, clock } = createTestAccessTokenGuard({ audience: 'https://reports.example' })
    const headers = await headersFor({ scope: 'reports.read', acr: 'urn:mfa' })
    const requirement = { maxAge: 300, acrValues: ['urn:mfa'], scope: 'reports.read' }
    const record = await guard.requireAccessToken(request(headers), requirement)
    expect(record).toMatchObject({ subject: 'josh', acr: 'urn:mfa', authTime: clock.now() })
  })

  it('sees that time goes by', async () => {
    const { guard, headersFor, clock } = createTestAccessTokenGuard()
    const headers = await headersFor()
    clock.advance(200)
    expect(await codeOf(guard.requireAccessToken(request(headers), { maxAge: 100 }))).toBe('stale')
    clock.advance(200)
    expect(await codeOf(guard.requireAccessToken(request(headers)))).toBe('invalid_token')
  })

  it('asks the OP about a token that is no JWT', async () => {
    const { guard, opaqueToken, clock, op } = createTestAccessTokenGuard({
      introspection: { clientId: 'reports', clientSecret: 'secret', cacheTtl: 0 },
      onError: () => {},
    })
    const check = (token: string) => guard.requireAccessToken(request({ Authorization: `Bearer ${token}` }))
    const token = opaqueToken({ sub: 'jane', scope: 'reports.read' })
    expect(await check(token)).toMatchObject({ subject: 'jane', scope: ['reports.read'] })
    expect(await codeOf(check('made-up'))).toBe('invalid_token')
    op.isUp = false
    expect(await codeOf(check(token))).toBe('temporarily_unavailable')
    op.isUp = true
    clock.advance(300)
    expect(await codeOf(check(token))).toBe('invalid_token')
  })

  it('shares an OP with a freshness guard', async () => {
    const op = createTestOp({ issuer: 'http://localhost:4000/op', clientId: 'payments' })
    const api = createTestAccessTokenGuard({ op })
    const { guard, ask } = createTestGuard({
      op,
      actions: { pay: { maxAge: 300 } },
      authenticate: async asked => {
        const { subject, authTime } = await api.guard.requireAccessToken(asked)
        return { subject, authTime }
      },
    })
    const headers = await api.headersFor()
    expect((await guard.handler(await ask('pay', { headers }))).status).toBe(200)
    expect((await guard.handler(await ask('pay', {}))).status).toBe(401)
  })

  it('has no DPoP', () => {
    const options: object = { requireDpop: true }
    expect(() => createTestAccessTokenGuard(options)).toThrow(
      expect.objectContaining({ code: 'configuration_invalid' }),
    )
  })

  const refusals: Readonly<Record<TestAccessTokenFault, string>> = {
    iss: 'invalid_token',
    aud: 'invalid_token',
    exp: 'invalid_token',
    iat: 'invalid_token',
    nbf: 'invalid_token',
    auth_time: 'stale',
    auth_time_missing: 'auth_time_missing',
    auth_time_text: 'invalid_token',
    auth_time_future: 'invalid_token',
    acr: 'acr_unmet',
    acr_missing: 'acr_unmet',
    sub: 'none',
    sub_missing: 'invalid_token',
    alg: 'invalid_token',
    alg_none: 'invalid_token',
    alg_HS256: 'invalid_token',
    typ: 'invalid_token',
    kid: 'invalid_token',
    signature: 'invalid_token',
    malformed: 'invalid_token',
  }

  it.each(Object.entries(refusals) as [TestAccessTokenFault, string][])(
    'refuses a token that breaks a rule: %s',
    async (fault, code) => {
      const { guard, headersFor } = createTestAccessTokenGuard()
      const headers = await headersFor({ acr: 'urn:mfa' }, fault)
      const checked = guard.requireAccessToken(request(headers), { maxAge: 300, acrValues: ['urn:mfa'] })
      expect(await codeOf(checked)).toBe(code)
    },
  )
})

describe('the test OP', () => {
  it('refuses options that make no sense', () => {
    const refused = expect.objectContaining({ code: 'configuration_invalid' })
    expect(() => createTestOp({ issuer: 'http://op.example' })).toThrow(refused)
    expect(() => createTestOp({ startsAt: 0.5 })).toThrow(refused)
    const misspelt: object = { client: 'payments' }
    expect(() => createTestOp(misspelt)).toThrow(refused)
    expect(() => createTestOp().clock.advance(-1)).toThrow(refused)
  })

  it('says that a session has ended', async () => {
    const { guard, op } = createTestGuard({ actions: { pay: { maxAge: 300 } } })
    const send = (logout_token: string) => {
      const init = { method: 'POST', body: new URLSearchParams({ logout_token }) }
      return guard.verifyLogoutToken(new Request('http://localhost/logout', init))
    }
    const ended = await send(await op.logoutToken({ sid: 's1' }))
    expect(ended).toMatchObject({ sub: 'josh', sid: 's1', iat: op.clock.now() })
    expect(await codeOf(send(await op.logoutToken({ events: undefined })))).toBe('invalid_request')
  })

  it('begins when it is told to', () => {
    expect(createTestOp({ startsAt: 1_800_000_000 }).clock.now()).toBe(1_800_000_000)
  })
})
