// The JWTs that an OP signs besides access tokens. None may pass at an API, whatever the profile, and not even where
// the API has the client's id for its own: all of them name the client.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProviderProfile } from '../../../src/core/provider-profile.ts'
import * as profiles from '../../../src/providers/index.ts'
import { type AccessTokenGuardOptions, createAccessTokenGuard } from '../../../src/server/access-token.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { ManualClock } from '../../support/shop.ts'
import { idTokens } from '../../support/vendor-tokens.ts'

const clock = new ManualClock()
let op: ScriptedOp

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())

type Claims = Readonly<Record<string, unknown>>

const others = (name: string): Readonly<Record<string, Claims>> => ({
  // OpenID Connect Back-Channel Logout 1.0 §2.4: `typ` logout+jwt is only recommended.
  'a logout token': {
    jti: 'j',
    sid: 's',
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  },
  // OpenID Connect Core 1.0 §5.3.2, with the times that some OPs put in.
  'a userinfo answer': { email: 'josh@example.com', name: 'Josh', email_verified: true },
  ...(name === 'keycloak' && {
    'a refresh token': { typ: 'Refresh', jti: 'j', azp: 'payments', scope: 'openid pay', sid: 's' },
    'an offline token': { typ: 'Offline', jti: 'j', azp: 'payments', scope: 'openid offline_access' },
  }),
})

const named: (readonly [string, ProviderProfile])[] = Object.entries(profiles).flatMap(([name, make]) => {
  const profile = make()
  return profile.refusal === undefined ? [[name, profile] as const] : []
})

const audience = 'payments'
async function outcome(claims: Claims, options: Partial<AccessTokenGuardOptions>): Promise<unknown> {
  const guard = createAccessTokenGuard({
    ...{ issuer: op.issuer, audience, now: clock.now, store: 'memory', onError: () => {} },
    ...options,
  })
  // Dated back as Entra does, so that no time is what is wrong.
  const iat = clock.time - (options.provider?.iatLag ?? 0)
  const token = await op.mint({ iat, auth_time: undefined, ...claims }, { header: { typ: 'JWT' } })
  const request = new Request('https://api.example', { headers: { Authorization: `Bearer ${token}` } })
  return guard.requireAccessToken(request).then(
    () => 'passed',
    error => error.code,
  )
}

describe.each(named)('with the profile %s, and one id for API and client', (name, provider) => {
  const own = idTokens[name] ?? {}
  it.each(Object.entries({ 'an ID Token of a refresh': own, ...others(name) }))(
    '%s does not pass',
    async (_, claims) => {
      expect(await outcome(claims, { provider })).toBe('invalid_token')
    },
  )

  // Without a rule of the profile, only the claims of that token can tell, as the option's docstring says.
  it.runIf(provider.isAccessToken)('nor an ID Token of a refresh where acceptPlainJwt is set', async () => {
    expect(await outcome(own, { provider, acceptPlainJwt: true })).toBe('invalid_token')
  })
})
