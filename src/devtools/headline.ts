import type { AuthLogEvent, Failure } from '../client/log-events.ts'
import { nameOf } from '../core/account.ts'
import type { RenewalState, SessionState } from '../core/machine/state.ts'
import { type Cause, causeOf } from './causes.ts'
import { type Entry, eventOf } from './entries.ts'
import type { Sight } from './sight.ts'
import { reasonWords, type Tone } from './words.ts'

/** The first line: how it stands, and where something has failed, why. */
export interface Headline extends Cause {
  readonly tone: Tone
  /** How it stands, in two or three words. */
  readonly status: string
}

/** What to say first. Where no person is signed in because of a failure, that is its cause. */
export function headlineOf({
  state: { session, interactions },
  entries,
  options,
}: Pick<Sight, 'state' | 'entries' | 'options'>): Headline {
  const explain: Explain = failure => causeOf(failure, options?.scope)
  switch (session.status) {
    case 'initializing':
      return {
        tone: 'wait',
        status: 'not known yet',
        what: 'It is being found out who is signed in',
        hint: null,
      }
    case 'anonymous':
      return anonymous(session, entries, explain, interactions.length > 0)
    case 'authenticated':
      return authenticated(session, entries, explain)
  }
}

type Explain = (failure: Failure) => Cause

function anonymous(
  { reason, error }: Extract<SessionState, { status: 'anonymous' }>,
  entries: readonly Entry[],
  explain: Explain,
  isUnderWay: boolean,
): Headline {
  const status = 'not signed in'
  const failure = failedSignIn(entries)
  if (failure) return { tone: 'bad', status, ...explain(failure) }
  if (error) return { tone: 'bad', status, ...explain(error) }
  if (isUnderWay) return { tone: 'wait', status, what: 'A sign-in is under way', hint: null }
  const tone = reason === 'failed' || reason === 'timeout' ? 'bad' : 'plain'
  return { tone, status, what: `No person is signed in: ${reasonWords[reason]}`, hint: null }
}

function authenticated(
  { renewal, account, error }: Extract<SessionState, { status: 'authenticated' }>,
  entries: readonly Entry[],
  explain: Explain,
): Headline {
  const failed = (what: string, failure: Failure): Headline => {
    const cause = explain(failure)
    return { tone: 'bad', status: 'signed in', what: `${what}: ${cause.what}`, hint: cause.hint }
  }
  if (renewal.status !== 'ok') return failed(renewalWords[renewal.status], renewal.error)
  const attempt = failedAttempt(entries)
  if (attempt?.type === 'step_up.failed') return failed('The last step-up failed', attempt)
  const signIn = attempt ?? error
  if (signIn) return failed('The last sign-in failed', signIn)
  return { tone: 'good', status: 'signed in', what: `Signed in as ${nameOf(account)}`, hint: null }
}

const renewalWords: Readonly<Record<Exclude<RenewalState['status'], 'ok'>, string>> = {
  failing: 'There are no new tokens, and it is tried again',
  ended: 'Only the person can renew the session',
  outdated: 'It is being found out whose session this is',
}

/** Why no person came in, if something failed since the last of them did. */
function failedSignIn(entries: readonly Entry[]): Failure | null {
  for (const entry of [...entries].reverse()) {
    if (entry.type === 'loaded') return null
    const event = eventOf(entry)
    switch (event?.type) {
      case 'sign_in.failed':
      case 'interaction.failed':
        if (isOutcome(event)) return event
        break
      case 'session.anonymous':
        return event.cause ?? null
      case 'session.signed_out':
      case 'session.restored':
      case 'session.adopted':
      case 'session.signed_in':
        return null
    }
  }
  return null
}

/** The last attempt of the person who is signed in, if it was in vain. */
function failedAttempt(entries: readonly Entry[]): (AuthLogEvent & Failure) | null {
  for (const entry of [...entries].reverse()) {
    const event = eventOf(entry)
    if (entry.type === 'loaded') return null
    switch (event?.type) {
      case 'step_up.failed':
      case 'sign_in.failed':
        if (isOutcome(event)) return event
        break
      case 'freshness.granted':
      case 'session.signed_in':
        return null
    }
  }
  return null
}

/** Whether it says how something ended: not that the person or the app chose otherwise. */
function isOutcome(failure: Failure): boolean {
  return failure.code !== 'interaction_cancelled' || failure.reason === 'window_closed'
}
