import { isRecord } from './claims.ts'
import { defined } from './defined.ts'
import {
  type ChallengedAnswer,
  challengeLifetime,
  type DeniedAnswer,
  type FailedAnswer,
  type GrantedAnswer,
} from './wire.ts'

/** Milliseconds: the longest `wait` there is, since `auth_time` comes in whole seconds. */
const longestWait = 1000

/**
 * What a body of the freshness endpoint says, or null when it is none of its answers. It comes from outside, so each
 * member is checked; null and empty text count as absent, and members that are not known here are left out.
 *
 * A `wait` that is no positive number is left out as well. One beyond a second counts as a second: a page that waits
 * too little asks for a login that will not do, and one that waits longer than that looks broken.
 */
export function readAnswer(
  body: unknown,
): GrantedAnswer | ChallengedAnswer | DeniedAnswer | FailedAnswer | null {
  if (!isRecord(body)) return null
  switch (body.status) {
    case 'granted':
      return readGranted(body)
    case 'challenged':
      return readChallenged(body)
    case 'denied':
    case 'failed':
      return isText(body.error) ? { status: body.status, error: body.error } : null
    default:
      return null
  }
}

function readGranted({ grant, expires_in }: Record<string, unknown>): GrantedAnswer | null {
  return isText(grant) ? { status: 'granted', grant, expires_in: isAge(expires_in) ? expires_in : 0 } : null
}

function readChallenged(body: Record<string, unknown>): ChallengedAnswer | null {
  const { challenge, nonce, expires_in, wait } = body
  const [prompt, max_age, acr_values] = [body.prompt, body.max_age, body.acr_values].map(given)
  if (!isText(challenge) || !isText(nonce)) return null
  if (!isAbsentOr(isText, prompt) || !isAbsentOr(isAge, max_age) || !isAbsentOr(isText, acr_values))
    return null
  return {
    status: 'challenged',
    challenge,
    nonce,
    expires_in: isAge(expires_in) ? expires_in : challengeLifetime,
    ...defined({ prompt, max_age, acr_values, wait: readWait(wait) }),
  }
}

function readWait(wait: unknown): number | undefined {
  return typeof wait === 'number' && wait > 0 ? Math.min(Math.ceil(wait), longestWait) : undefined
}

const given = (value: unknown): unknown => (value === null || value === '' ? undefined : value)

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

const isAge = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value < Infinity

function isAbsentOr<T>(is: (value: unknown) => value is T, value: unknown): value is T | undefined {
  return value === undefined || is(value)
}
