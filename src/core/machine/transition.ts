import { isSameAccount } from '../account.ts'
import { adoptTabSession, beginSession, completeSwitch } from './account-switch.ts'
import { type Step, step } from './effects.ts'
import type { AuthEvent, SessionEvent } from './events.ts'
import type { Mismatch, UnmetStepUp } from './interaction.ts'
import { onPromptAnswer } from './prompt-answers.ts'
import { endAll, install, showFirst } from './queue.ts'
import { type AuthState, initialState } from './state.ts'
import { onVisit } from './visits.ts'

/**
 * The whole state machine. Pure: time, randomness and the network come in with events and leave as effects.
 * An event about an interaction that is over changes nothing, and its tokens are discarded.
 */
export function transition(state: AuthState, event: AuthEvent): Step {
  switch (event.type) {
    case 'prompt.answered':
      return onPromptAnswer(state, event)
    case 'visit.requested':
    case 'visit.answered':
    case 'visit.failed':
    case 'popup.blocked':
    case 'popup.lost':
      return onVisit(state, event)
    default:
      return onSession(state, event)
  }
}

function onSession(state: AuthState, event: SessionEvent): Step {
  const { session } = state
  switch (event.type) {
    case 'session.found':
      return session.status === 'initializing'
        ? beginSession(state, event.id, event)
        : discard(state, event.id)
    case 'session.missing': {
      if (session.status !== 'initializing') return step(state)
      const { reason, error } = event
      return step({ ...state, session: { status: 'anonymous', reason, ...(error && { error }) } })
    }
    case 'session.renewed': {
      const isSame =
        session.status === 'authenticated' && isSameAccount(session.account, event.signedIn.account)
      return isSame ? install(state, event.id, event) : discard(state, event.id)
    }
    case 'session.adopted':
      return adoptTabSession(state, event.id, { signedIn: event.signedIn, origin: 'tab' })
    case 'session.ended':
      return endSession(state, event.reason)
    case 'session.mismatched':
      return askAboutOther(state, event)
    case 'renewal.failed': {
      if (session.status !== 'authenticated') return step(state)
      const renewal = { status: event.final ? 'ended' : 'failing', error: event.error } as const
      return step({ ...state, session: { ...session, renewal } })
    }
    case 'account.changed':
      return completeSwitch(state, event.id, event.error)
    case 'account.doubted':
      return step(showFirst(state))
    case 'accounts.remembered':
      return step({ ...state, remembered: event.remembered })
    case 'limit.changed':
      return step({ ...state, limit: event.limit })
    case 'step_up.resumed':
      return step({ ...state, resumed: event.resumed })
    case 'step_up.unmet': {
      const { id, action, account } = event
      const unmet: UnmetStepUp = { type: 'unmet_step_up', id, action, account }
      return step({ ...state, interactions: [...state.interactions, unmet] })
    }
  }
}

type Ended = Extract<SessionEvent, { type: 'session.ended' }>
type Mismatched = Extract<SessionEvent, { type: 'session.mismatched' }>

function endSession(state: AuthState, reason: Ended['reason']): Step {
  const { former, remembered } = state
  const ended = endAll(state, 'signed_out')
  const next: AuthState = { ...initialState, former, remembered, session: { status: 'anonymous', reason } }
  return { ...ended, state: next, tokenEffects: [{ type: 'tokens.drop_all' }, ...ended.tokenEffects] }
}

/** The OP knows another person than the session's: the person decides. One question about one other person. */
function askAboutOther(state: AuthState, { id, expected, signedIn }: Mismatched): Step {
  const isAsked = state.interactions.some(
    one => 'arrival' in one && isSameAccount(one.arrival.signedIn.account, signedIn.account),
  )
  if (isAsked) return discard(state, id)
  const mismatch: Mismatch = {
    type: 'mismatch',
    id,
    goal: { kind: 'session_ended', account: expected },
    arrival: { signedIn, origin: 'op' },
  }
  // After a full-page redirect there is no session to go on with until the person has decided.
  const session: AuthState['session'] =
    state.session.status === 'authenticated'
      ? state.session
      : { status: 'anonymous', reason: 'account_mismatch' }
  return step({ ...state, session, interactions: [mismatch, ...state.interactions] })
}

function discard(state: AuthState, id: string): Step {
  return step(state, [], [{ type: 'tokens.discard', id }])
}
