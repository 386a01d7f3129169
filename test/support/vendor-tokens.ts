// What the tokens of a provider have, besides what all have, as its profile's docstring says. By the profile's name.

type Claims = Readonly<Record<string, unknown>>

/** An ID Token as a refresh brings it: without a nonce, and at Entra without a hash (OpenID Connect Core 1.0 §12.2). */
export const idTokens: Readonly<Record<string, Claims>> = {
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

/** An access token for `payments` with the scope `pay`, where the header's type does not tell it. */
export const accessTokens: Readonly<Record<string, Claims>> = {
  // Before release 25.
  keycloak: { typ: 'Bearer', azp: 'payments', nonce: 'n', sid: 's', acr: '1', scope: 'openid pay' },
  cognito: { aud: undefined, client_id: 'payments', token_use: 'access', jti: 'j', scope: 'openid pay' },
  auth0: { azp: 'payments', scope: 'openid pay' },
  okta: {
    ver: 1,
    jti: 'AT.x',
    cid: 'payments',
    uid: 'josh',
    sub: 'josh@example.com',
    scp: ['openid', 'pay'],
  },
  entra: { ver: '2.0', azp: 'payments', sub: 'of-the-api', tid: 't', oid: 'o', scp: 'openid pay' },
  zitadel: { auth_time: undefined, jti: 'j', client_id: 'payments', scope: 'openid pay' },
  authentik: {
    azp: 'payments',
    uid: 'u',
    acr: 'goauthentik.io/providers/oauth2/default',
    scope: 'openid pay',
  },
  fusionAuth: {
    applicationId: 'a',
    authenticationType: 'PASSWORD',
    auth_time: 1_800_000_000,
    scope: 'openid pay',
  },
  ory: { jti: 'j', client_id: 'payments', scp: ['openid', 'pay'] },
  spring: { jti: 'j', scope: ['openid', 'pay'] },
  kinde: { azp: 'payments', jti: 'j', scp: ['openid', 'pay'] },
}
/** Of these profiles, the header's type tells an access token. */
export const typedAccessTokens: Readonly<Record<string, Claims>> = {
  duende: { client_id: 'payments', scope: ['openid', 'pay'] },
  erpNet: { client_id: 'payments', scope: ['openid', 'pay'], auth_time: 1_800_000_000 },
  logto: { client_id: 'payments', scope: 'pay' },
}
