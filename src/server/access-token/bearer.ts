import { signatureAlgorithms } from '../../core/id-token.ts'
import type { ProviderProfile } from '../../core/provider-profile.ts'
import { formatStepUpHeader, type StepUpHeader } from '../../core/step-up-header.ts'
import type { FailedAnswer } from '../../core/wire.ts'
import { formatAuthenticate } from '../../core/www-authenticate.ts'
import type { Answer } from '../http/answer.ts'
import type { LoginFailure } from '../http/guard-error.ts'
import type { Problem } from '../http/problem.ts'
import { type AccessTokenFault, Refusal } from '../http/refusal.ts'
import { LoginRefusal } from '../http/step-up-refusal.ts'
import { formatClaimsChallenge } from './claims-challenge.ts'

/** How an access token is sent: alone, or with a DPoP proof. */
export type Scheme = StepUpHeader['scheme']

/** The access token that a request carries, and how. */
export interface Credentials {
  readonly scheme: Scheme
  readonly token: string
}

type TokenFault = AccessTokenFault | 'invalid_request'

const algs = signatureAlgorithms.join(' ')
const statuses = {
  access_token_required: 401,
  invalid_token: 401,
  insufficient_user_authentication: 401,
  insufficient_scope: 403,
  invalid_request: 400,
}

function answerTo(error: TokenFault, challenge: string, description?: string): Answer {
  const body: FailedAnswer = { status: 'failed', error, error_description: description }
  return { status: statuses[error], body, headers: { 'WWW-Authenticate': challenge } }
}

/** The refusal of a good token whose login is not good enough. @see RFC 9470 §3 */
export function loginRefusal(
  demand: StepUpHeader,
  reason: LoginFailure,
  acrClaim: ProviderProfile['acrClaim'],
): LoginRefusal {
  const acrs = acrClaim === 'acrs' && reason === 'acr_unmet' ? demand.acrValues : undefined
  const challenges = [acrs && formatClaimsChallenge(demand.scheme, acrs), formatStepUpHeader(demand)]
  const challenge = challenges.filter(Boolean).join(', ')
  return new LoginRefusal(reason, answerTo('insufficient_user_authentication', challenge))
}

/**
 * Reads the access token in `Authorization`. A token in the body or the query is ignored (RFC 9700 §4.3.2).
 *
 * @param scheme the one to name to a client that sends no token
 * @throws {Refusal} 401 without an error code when there are no credentials of ours, 400 when they cannot be read
 * @see RFC 6750 §2.1, §3, §3.1; RFC 9449 §7.1
 */
export function readCredentials(request: Request, scheme: Scheme): Credentials {
  const [, name, token] = /^(Bearer|DPoP)(?: +(.*))?$/i.exec(request.headers.get('Authorization') ?? '') ?? []
  if (name === undefined) {
    const challenge = formatAuthenticate(scheme, { algs: scheme === 'DPoP' ? algs : undefined })
    throw new Refusal('access_token_required', answerTo('access_token_required', challenge))
  }
  const own = name.length === 4 ? 'DPoP' : 'Bearer'
  // Two headers arrive as one, with a comma.
  if (token === undefined || !/^[\w\-.~+/]+=*$/.test(token)) throw tokenRefusal(own, 'invalid_request')
  return { scheme: own, token }
}

/** The refusal of an access token. The client is told which claim is wrong, and nothing of its value. @see RFC 6750 §3.1 */
export function tokenRefusal(
  scheme: Scheme,
  error: 'invalid_token' | 'insufficient_scope' | 'invalid_request',
  { scope, problem }: { readonly scope?: string; readonly problem?: Problem | undefined } = {},
): Refusal {
  const description = problem?.rule
  const parameters = {
    error,
    error_description: description,
    scope,
    algs: scheme === 'DPoP' ? algs : undefined,
  }
  const answer = answerTo(error, formatAuthenticate(scheme, parameters), description)
  return new Refusal(error, answer, { problem })
}
