import { createHash, randomBytes } from 'node:crypto'
import { askedAge } from '../core/asked-age.ts'
import type { IdTokenClaims } from '../core/claims.ts'
import { defined } from '../core/defined.ts'
import { genericProfile } from '../core/provider-profile.ts'
import type { ProfileGuess } from './guess-profile.ts'
import { NoAnswer, readObject, request } from './http.ts'
import { readIdToken, Unusable } from './id-token.ts'
import { iatLag, type Outcome, type Refreshed } from './outcome.ts'
import type { Metadata, Patient } from './report.ts'
import { requestOf, type StepName } from './steps.ts'

/** One authorization request on its way. */
export interface Visit {
  readonly step: StepName
  /** Whether the person is not to be asked. */
  readonly isSilent: boolean
  readonly url: string
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** The requests of a walk, and what came of them. */
export interface Visits {
  /** Makes the authorization request of a step. */
  begin(step: StepName): Visit
  /** Redeems a response and checks it. It never throws because of anything that the OP does. */
  redeem(visit: Visit, response: URLSearchParams): Promise<Outcome>
  /** Renews with the newest refresh token, if there is one. */
  refresh(): Promise<Refreshed>
}

interface Tokens {
  readonly claims: IdTokenClaims
  readonly idToken: string
  /** Seconds that `iat` was behind this machine's clock. */
  readonly lag: number
}

const random = (): string => randomBytes(32).toString('base64url')

/**
 * Makes the doctor a relying party, as a native app would be (RFC 8252). Requests are those of this package's client;
 * answers are redeemed and checked.
 */
export function createVisits(
  metadata: Metadata,
  patient: Patient,
  redirectUri: string,
  { asksByAge }: Pick<ProfileGuess, 'asksByAge'>,
): Visits {
  const { clientId } = patient
  const takesClaims = metadata.claims_parameter_supported === true
  const scopes = metadata.scopes_supported
  let scope = Array.isArray(scopes) && scopes.includes('offline_access') ? 'openid offline_access' : 'openid'
  let last: Tokens | undefined
  // The person may have signed in at the OP without an answer, so a later auth_time need not have moved by itself.
  let isUncertain = false
  let renewable: (Tokens & { readonly refreshToken: string }) | undefined

  const requestTokens = async (form: Record<string, string>): Promise<Record<string, unknown>> => {
    try {
      const { status, text } = await request(String(metadata.token_endpoint), {
        ...patient,
        form: { ...form, client_id: clientId },
      })
      const answer = readObject(text)
      if (status === 200 && answer) return answer
      throw new Unusable(`the token endpoint answers ${status} (${answer?.error ?? 'no error code'})`)
    } catch (error) {
      throw error instanceof NoAnswer ? new Unusable(`the token endpoint ${error.message}`) : error
    }
  }

  /** @see RFC 6749 §3.1; RFC 9207 §2.4 */
  const codeOf = (response: URLSearchParams): string => {
    if (new Set(response.keys()).size < response.size) throw new Unusable('it has a parameter twice')
    const iss = response.get('iss')
    if (
      iss === null
        ? metadata.authorization_response_iss_parameter_supported === true
        : iss !== metadata.issuer
    )
      throw new Unusable(iss === null ? 'it does not name its issuer (iss)' : 'it names another issuer (iss)')
    const code = response.get('code')
    if (!code && response.get('error') === null) throw new Unusable('it has neither code nor error')
    return code ?? ''
  }

  const redeem = async (visit: Visit, response: URLSearchParams): Promise<Outcome> => {
    const code = codeOf(response)
    const error = response.get('error')
    if (error !== null) {
      // This client may not use the scope, so the next try goes without it.
      if (error === 'invalid_scope') scope = 'openid'
      return {
        type: 'error',
        error,
        ...defined({ description: response.get('error_description') ?? undefined }),
      }
    }
    const answer = await requestTokens({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: visit.verifier,
    })
    const type = String(answer.token_type)
    if (type.toLowerCase() !== 'bearer') throw new Unusable(`its access token is of the type "${type}"`)
    const claims = await readIdToken(answer.id_token, visit.nonce, metadata, patient)
    // Only the OP's clock counts: a login that came before an ID Token is not later than that was issued.
    const { auth_time: authTime, iat } = last?.claims ?? { iat: 0 }
    const issued = Math.floor(iat) + iatLag(last?.lag)
    const before = Number.isSafeInteger(authTime) ? (authTime as number) : issued
    const wasUncertain = isUncertain && visit.isSilent
    isUncertain = false
    const lag = Math.round(Date.now() / 1000 - claims.iat)
    last = { claims, idToken: String(answer.id_token), lag }
    const { refresh_token: refreshToken } = answer
    if (typeof refreshToken === 'string') renewable = { ...last, refreshToken }
    return {
      type: 'claims',
      claims,
      before: wasUncertain ? Number.POSITIVE_INFINITY : before,
      namesIssuer: response.has('iss'),
      lag,
    }
  }

  return {
    begin: step => {
      const [state, nonce, verifier] = [random(), random(), random()]
      const request = requestOf(step, last?.idToken)
      const { prompt, idTokenHint } = request
      const maxAge = asksByAge ? askedAge(request, genericProfile, takesClaims) : request.maxAge
      const query = defined({
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope,
        state,
        nonce,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        prompt,
        max_age: maxAge?.toString(),
        id_token_hint: idTokenHint,
        // The client does the same, where the OP allows it.
        claims: takesClaims ? JSON.stringify({ id_token: { auth_time: { essential: true } } }) : undefined,
      })
      const url = new URL(String(metadata.authorization_endpoint))
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
      const isSilent = prompt === 'none'
      isUncertain ||= !isSilent
      return { step, isSilent, url: url.href, state, nonce, verifier }
    },

    redeem: (visit, response) =>
      redeem(visit, response).catch(error => {
        if (error instanceof Unusable) return { type: 'refused', why: error.message }
        throw error
      }),

    refresh: async () => {
      if (!renewable) return { type: 'none' }
      const { claims: old, refreshToken } = renewable
      try {
        const form = { grant_type: 'refresh_token', refresh_token: refreshToken }
        const { id_token: idToken } = await requestTokens(form)
        const claims = idToken === undefined ? null : await readIdToken(idToken, undefined, metadata, patient)
        return { type: 'refreshed', old, claims }
      } catch (error) {
        if (error instanceof Unusable) return { type: 'refused', why: error.message }
        throw error
      }
    },
  }
}
