import { isRecord } from './claims.ts'
import { defined } from './defined.ts'
import { readableText } from './readable-text.ts'
import { readDisplay } from './step-up-display.ts'
import {
  type ChallengedAnswer,
  challengeLifetime,
  type DeniedAnswer,
  type FailedAnswer,
  type GrantedAnswer,
  type PushedAnswer,
} from './wire.ts'

/** Milliseconds: a `wait` cannot be longer, because `auth_time` comes in whole seconds. */
const longestWait = 1000

/** Seconds: a day. A timer takes no more than 2^31 ms. */
const longestLifetime = 86_400

/**
 * Reads an answer of the freshness endpoint; null when the body is none of its answers. The body comes from outside, so
 * each member is checked. Null and empty text count as absent, and unknown members are left out.
 *
 * A `wait` that is no positive number is left out as well. A `wait` of more than a second counts as a second: a page
 * that waits too short a time asks for a login that will be refused, and a page that waits longer looks broken.
 */
export function readAnswer(
  body: unknown,
): GrantedAnswer | ChallengedAnswer | PushedAnswer | DeniedAnswer | FailedAnswer | null {
  if (!isRecord(body)) return null
  switch (body.status) {
    case 'granted':
      return readGranted(body)
    case 'challenged':
      return readChallenged(body)
    case 'pushed':
      return readPushed(body)
    case 'denied':
    case 'failed':
      return readRefused(body.status, body)
    default:
      return null
  }
}

function readRefused(
  status: 'denied' | 'failed',
  { error, error_description: text }: Record<string, unknown>,
): DeniedAnswer | FailedAnswer | null {
  if (!isText(error)) return null
  const described = isText(text) ? { error_description: readableText(text) } : {}
  return { status, error, ...described }
}

function readGranted({ grant, expires_in }: Record<string, unknown>): GrantedAnswer | null {
  return isText(grant) ? { status: 'granted', grant, expires_in: isAge(expires_in) ? expires_in : 0 } : null
}

function readChallenged(body: Record<string, unknown>): ChallengedAnswer | null {
  const { challenge, nonce, expires_in, wait, pushed, display } = body
  const [prompt, max_age, acr_values] = [body.prompt, body.max_age, body.acr_values].map(given)
  if (!isText(challenge) || !isText(nonce)) return null
  if (!isAbsentOr(isText, prompt) || !isAbsentOr(isAge, max_age) || !isAbsentOr(isText, acr_values))
    return null
  return {
    status: 'challenged',
    challenge,
    nonce,
    expires_in: readLifetime(expires_in),
    ...defined({ prompt, max_age, acr_values, wait: readWait(wait) }),
    ...defined({ pushed: pushed === true || undefined, display: readDisplay(display) ?? undefined }),
  }
}

function readPushed(body: Record<string, unknown>): PushedAnswer | null {
  const { client_id, request_uri, state, expires_in } = body
  if (!isText(client_id) || !isText(request_uri) || !isText(state)) return null
  return { status: 'pushed', client_id, request_uri, state, expires_in: isAge(expires_in) ? expires_in : 0 }
}

/** A challenge that is over at once is none, and one that outlives a day is a mistake. */
function readLifetime(seconds: unknown): number {
  return isAge(seconds) && seconds > 0 ? Math.min(seconds, longestLifetime) : challengeLifetime
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
