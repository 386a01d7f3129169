// The tokens of each provider at both guards, with the provider's own profile and one id for the API and the client: what
// is made for an API passes there and nowhere else, and the same for what is made for the client.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProviderProfile } from '../../src/core/provider-profile.ts'
import * as profiles from '../../src/providers/index.ts'
import { createAccessTokenGuard } from '../../src/server/access-token.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { Browser, ManualClock, openShop } from '../support/shop.ts'
import { accessTokens, idTokens, typedAccessTokens } from '../support/vendor-tokens.ts'

const clock = new ManualClock()
let op: ScriptedOp

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())

type Claims = Readonly<Record<string, unknown>>

const made: Readonly<Record<string, () => ProviderProfile>> = profiles
const profileOf = (name: string): ProviderProfile => made[name]?.() ?? profiles.generic()
const mint = (provider: ProviderProfile, claims: Claims, typ = 'JWT'): Promise<string> =>
  op.mint({ iat: clock.time - (provider.iatLag ?? 0), ...claims }, { header: { typ } })

async function admitted(provider: ProviderProfile, claims: Claims, typ?: string): Promise<unknown> {
  const token = await mint(provider, claims, typ)
  const guard = createAccessTokenGuard({
    ...{ issuer: op.issuer, audience: 'payments', now: clock.now, store: 'memory', provider },
  })
  const request = new Request('https://api.example', { headers: { Authorization: `Bearer ${token}` } })
  return guard.requireAccessToken(request, { scope: 'pay' }).catch(error => error)
}

async function asked(provider: ProviderProfile, claims: Claims, typ?: string): Promise<unknown> {
  const actions = { soon: { maxAge: 300 } }
  const { app } = openShop(op, clock, { provider, actions })
  return new Browser(app).ask({ action: 'soon', id_token: await mint(provider, claims, typ) })
}

const names: Readonly<Record<string, string>> = { entra: 't.o' }
const refused = { status: 403, body: { error: 'invalid_token' } }

describe.each(Object.entries(accessTokens))('%s', (name, claims) => {
  const provider = profileOf(name)
  it('has an access token with its person and its scopes', async () => {
    const subject = names[name] ?? 'josh'
    expect(await admitted(provider, claims)).toMatchObject({ subject, scope: ['openid', 'pay'] })
  })

  it.skipIf(provider.noStepUp)(
    'has an ID Token that is taken, and an access token that is none',
    async () => {
      const id = { ...idTokens[name], nonce: 'n', at_hash: 'h', auth_time: clock.time }
      expect(await asked(provider, id)).toMatchObject({ status: 200 })
      expect(await asked(provider, { ...id, nonce: undefined })).toMatchObject({ status: 200 })
      expect(await asked(provider, { aud: 'payments', auth_time: clock.time, ...claims })).toMatchObject(
        refused,
      )
    },
  )
})

describe.each(Object.entries(typedAccessTokens))('%s', (name, claims) => {
  const provider = profileOf(name)
  it('has an access token with its person and its scopes, by its type alone', async () => {
    expect(await admitted(provider, claims, 'at+jwt')).toMatchObject({ subject: 'josh' })
    expect(await admitted(provider, claims)).toMatchObject({ code: 'invalid_token' })
    expect(await asked(provider, claims, 'at+jwt')).toMatchObject(refused)
  })
})
