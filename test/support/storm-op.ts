import { createHash } from 'node:crypto'
import type { Random } from './random.ts'

/** What comes over the wire. */
export interface Reply {
  readonly status: number
  readonly type: string
  readonly body: string
  /** `WWW-Authenticate` */
  readonly authenticate?: string
}

interface Login {
  readonly sub: string
  readonly authTime: number
}

/** All that comes from one authorization. */
export interface Family {
  readonly id: string
  readonly sub: string
  /** Whether the OP asked no person (`prompt=none`). */
  readonly isSilent: boolean
  revoked: boolean
}

interface Issued extends Login {
  readonly query: URLSearchParams
  readonly family: Family
}

export interface TokenInfo {
  readonly sub: string
  /** Epoch seconds. */
  readonly expiresAt: number
  readonly family: Family
}

interface RefreshToken extends Login {
  readonly family: Family
  /** Epoch seconds; null before it is used. */
  usedAt: number | null
  /** Whether the browser may not have what replaced it. */
  lost: boolean
}

const json = (status: number, body: object): Reply => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
})
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * An OpenID Provider, and a freshness endpoint, in memory: sessions, codes that are redeemed once for the right
 * verifier, and refresh tokens that rotate, a second use of which revokes all that came from them. Its tokens are not
 * signed, so it is for clients that leave signatures to the backend. In a storm it also answers wrongly.
 */
export class StormOp {
  readonly issuer = 'https://op.example'
  calm = false
  /** Who is signed in at the OP in this browser. */
  login: Login | null = null
  /** Whether its cookies reach it in a frame. */
  cookies = true
  /** Whether it issues refresh tokens. */
  refreshes = true
  /** What an honest client never does. */
  readonly offences: string[] = []
  readonly answered = { code: 0, refresh: 0, revocation: 0 }
  protected readonly random: Random
  /** Hears of each authorization. */
  onAuthorized: (family: Family) => void = () => {}
  readonly #now: () => number
  readonly #codes = new Map<string, Issued>()
  readonly #redeemed = new Set<string>()
  readonly #refreshTokens = new Map<string, RefreshToken>()
  readonly #accessTokens = new Map<string, TokenInfo>()
  readonly #challenges = new Set<string>()
  #count = 0

  constructor(random: Random, now: () => number) {
    this.random = random
    this.#now = now
  }

  /** Whose token it is and until when it is good. */
  tokenInfo(accessToken: string): TokenInfo | undefined {
    return this.#accessTokens.get(accessToken)
  }

  /** A person signs in. */
  signIn(sub: string): void {
    this.login = { sub, authTime: this.#now() }
  }

  /** The answer to an authorization request, for whoever is signed in or, in a calm, for whoever is hinted at. */
  authorize(url: string, hasCookies = this.cookies || this.calm): string {
    const query = new URL(url).searchParams
    const state = query.get('state') ?? ''
    const login = this.loginFor(query)
    const isSilent = query.get('prompt') === 'none'
    const error = isSilent && (!login || !hasCookies) ? 'login_required' : null
    if (error || !login) return this.#response({ error: error ?? 'access_denied', state })
    const code = `code-${++this.#count}`
    const family = { id: `family of ${code}`, sub: login.sub, isSilent, revoked: false }
    this.onAuthorized(family)
    this.#codes.set(code, { ...login, query, family })
    return this.#response({ code, state })
  }

  /** @param isLost whether the browser will not get the answer */
  answer(path: string, form: URLSearchParams, isLost: boolean): Reply {
    if (path === '/.well-known/openid-configuration') return json(200, this.#metadata())
    if (path === '/revoke') {
      this.answered.revocation++
      const token = this.#refreshTokens.get(form.get('token') ?? '')
      if (token) token.family.revoked = true
      return json(200, {})
    }
    return form.get('grant_type') === 'refresh_token' ? this.#refresh(form, isLost) : this.#redeem(form)
  }

  /** The app's own backend. */
  judge(body: { readonly challenge?: string; readonly id_token?: string }): Reply {
    if (body.challenge === undefined) {
      const challenge = `challenge-${++this.#count}`
      this.#challenges.add(challenge)
      const asked = { status: 'challenged', challenge, nonce: `nonce-of-${challenge}`, expires_in: 600 }
      return json(401, { ...asked, prompt: 'login' })
    }
    const claims = JSON.parse(Buffer.from(body.id_token?.split('.')[1] ?? '', 'base64url').toString())
    const good = claims.nonce === `nonce-of-${body.challenge}` && this.#challenges.delete(body.challenge)
    return good
      ? json(200, { status: 'granted', grant: 'grant', expires_in: 60 })
      : json(403, { status: 'denied', error: 'nonce_mismatch' })
  }

  /** Who signed in, or in a calm who is hinted at. */
  protected loginFor(query: URLSearchParams): Login | null {
    return this.calm ? (this.#hinted(query) ?? this.login) : this.login
  }

  /** What goes wrong with an answer, as often as these weights say; `no`: nothing. */
  protected wrong<T extends string>(weights: Readonly<Record<T | 'no', number>>): T | 'no' {
    return this.calm ? 'no' : this.random.pick<T | 'no'>(weights)
  }

  /** Whether an honest client knows that a refresh token has been used. @param _usedAt epoch seconds */
  protected isOffence(_usedAt: number): boolean {
    return true
  }

  protected isOverloaded(): boolean {
    return !this.calm && this.random.chance(0.03)
  }

  /** How long the next access token is good for, in seconds; undefined when the answer does not say. */
  protected lifetime(): number | undefined {
    return this.calm ? 300 : this.random.of([0, 1, 45, 60, 120, 300, 300, 900, undefined])
  }

  #hinted(query: URLSearchParams): Login | null {
    const hint = query.get('id_token_hint')
    if (!hint) return null
    const { sub, auth_time: authTime } = JSON.parse(
      Buffer.from(hint.split('.')[1] ?? '', 'base64url').toString(),
    )
    return { sub, authTime }
  }

  #response(parameters: Readonly<Record<string, string>>): string {
    return new URLSearchParams({ ...parameters, iss: this.issuer }).toString()
  }

  #metadata(): object {
    const { issuer } = this
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      revocation_endpoint: `${issuer}/revoke`,
      end_session_endpoint: `${issuer}/end`,
      jwks_uri: `${issuer}/jwks`,
      authorization_response_iss_parameter_supported: true,
    }
  }

  #redeem(form: URLSearchParams): Reply {
    const code = form.get('code') ?? ''
    const issued = this.#codes.get(code)
    if (this.#redeemed.has(code)) this.offences.push(`${code} redeemed twice`)
    this.#redeemed.add(code)
    this.#codes.delete(code)
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!issued || verifier !== issued.query.get('code_challenge'))
      return json(400, { error: 'invalid_grant' })
    this.answered.code++
    const { query, family, ...login } = issued
    const wrong = this.wrong({ no: 40, nonce: 1, iss: 1, exp: 1, type: 1 })
    const claims = {
      nonce: wrong === 'nonce' ? 'another' : (query.get('nonce') ?? ''),
      ...(wrong === 'iss' && { iss: 'https://evil.example' }),
      ...(wrong === 'exp' && { exp: this.#now() - 3600 }),
    }
    return this.#tokens(
      login,
      family,
      { aud: form.get('client_id'), ...claims },
      wrong === 'type' ? 'N_A' : 'Bearer',
    )
  }

  #refresh(form: URLSearchParams, isLost: boolean): Reply {
    const name = form.get('refresh_token') ?? ''
    const token = this.#refreshTokens.get(name)
    if (!token) return json(400, { error: 'invalid_grant' })
    if (token.usedAt !== null && !token.lost && this.isOffence(token.usedAt))
      this.offences.push(`${name} used twice`)
    if (token.usedAt !== null) token.family.revoked = true
    if (token.family.revoked) return json(400, { error: 'invalid_grant', error_description: 'Grant revoked' })
    if (this.isOverloaded()) return json(400, { error: 'temporarily_unavailable' })
    const wrong = this.wrong({ no: 40, sub: 1, auth_time: 1, expired: 1 })
    token.usedAt = this.#now()
    // A browser that refuses the answer is left with the old one.
    token.lost = isLost || wrong !== 'no'
    this.answered.refresh++
    const claims = {
      ...(wrong === 'sub' && { sub: 'jane' }),
      ...(wrong === 'auth_time' && { auth_time: this.#now() }),
      ...(wrong === 'expired' && { exp: this.#now() - 3600 }),
    }
    return this.#tokens({ sub: token.sub, authTime: token.authTime }, token.family, {
      aud: form.get('client_id'),
      ...claims,
    })
  }

  #tokens(login: Login, family: Family, claims: object, type = 'Bearer'): Reply {
    const now = this.#now()
    const { sub, authTime: auth_time } = login
    const lifetime = this.lifetime()
    const access_token = `at-${++this.#count}`
    // No lifetime and none that counts are the same: the client may use the token until it is refused.
    const expiresAt = lifetime === undefined || lifetime === 0 ? Number.POSITIVE_INFINITY : now + lifetime
    this.#accessTokens.set(access_token, { sub, expiresAt, family })
    const refresh_token = this.refreshes ? `rt-${++this.#count}` : undefined
    if (refresh_token) this.#refreshTokens.set(refresh_token, { ...login, family, usedAt: null, lost: false })
    const usual = { iss: this.issuer, sub, iat: now, exp: now + 300, auth_time }
    const id_token = `${part({ alg: 'RS256' })}.${part({ ...usual, sid: `sid-${sub}`, family: family.id, ...claims })}.c2ln`
    return json(200, { access_token, token_type: type, expires_in: lifetime, refresh_token, id_token })
  }
}
