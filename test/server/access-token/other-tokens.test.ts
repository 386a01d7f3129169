// The JWTs that an OP signs besides access tokens. None may pass at an API, whatever the profile, and not even where
// the API has the client's id for its own: all of them name the client.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProviderProfile } from '../../../src/core/provider-profile.ts'
import * as profiles from '../../../src/providers/index.ts'
import { type AccessTokenGuardOptions, createAccessTokenGuard } from '../../../src/server/access-token.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { ManualClock } from '../../support/shop.ts'

const clock = new ManualClock()
let op: ScriptedOp

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())

type Claims = Readonly<Record<string, unknown>>

/** An ID Token as a refresh brings it: without a nonce, and at Entra without a hash (OpenID Connect Core 1.0 §12.2). */
const idTokens: Readonly<Record<string, Claims>> = {
  plain: {},
  keycloak: { typ: 'ID', azp: 'payments', auth_time: 1_799_999_000, sid: 's', acr: '1' },
  cognito: {
    token_use: 'id',
    'cognito:username': 'josh',
    auth_time: 1_799_999_000,
    origin_jti: 'o',
    jti: 'j',
  },
  auth0: { sid: 's', nickname: 'josh' },
  okta: { ver: 1, jti: 'ID.x', amr: ['pwd'], idp: '00o1', auth_time: 1_799_999_000 },
  entra: { ver: '2.0', tid: 't', oid: 'o', preferred_username: 'josh', rh: 'r', uti: 'u' },
  duende: { idp: 'local', amr: ['pwd'], sid: 's', auth_time: 1_799_999_000 },
  zitadel: { azp: 'payments', client_id: 'payments', amr: ['pwd'], auth_time: 1_799_999_000 },
  authentik: { acr: 'goauthentik.io/providers/oauth2/default', amr: ['pwd'], auth_time: 1_799_999_000 },
  fusionAuth: { at_hash: 'h', authenticationType: 'PASSWORD', tid: 't', auth_time: 1_799_999_000 },
  ory: { jti: 'j', rat: 1_799_999_000, sid: 's', auth_time: 1_799_999_000 },
  spring: { azp: 'payments', sid: 's', jti: 'j', auth_time: 1_799_999_000 },
  kinde: { azp: 'payments', org_codes: ['org_1'], jti: 'j', auth_time: 1_799_999_000 },
}
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
