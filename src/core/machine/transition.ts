import { isSameAccount } from '../account.ts'
import { completeSwitch, followInSilence, takeFound } from './account-switch.ts'
import { discard, type Step, step } from './effects.ts'
import type { AuthEvent, SessionEvent } from './events.ts'
import { showFirst } from './interaction-queue.ts'
import { askAboutOther } from './mismatch.ts'
import { onPromptAnswer } from './prompt-answers.ts'
import { endSession, install, outdateSession } from './session.ts'
import { type AuthState, isUndecided } from './state.ts'
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
    case 'visit.returned':
    case 'interaction.failed':
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
      return takeFound(state, event.id, event)
    case 'session.missing': {
      if (!isUndecided(session)) return step(state)
      const { type, ...missing } = event
      return step({ ...state, session: { status: 'anonymous', ...missing } })
    }
    case 'session.renewed': {
      const isSame =
        session.status === 'authenticated' && isSameAccount(session.account, event.signedIn.account)
      return isSame ? install(state, event.id, event) : discard(state, event.id)
    }
    case 'session.adopted':
      return followInSilence(state, event.id, { signedIn: event.signedIn, origin: 'tab' })
    case 'session.ended':
      return endSession(state, event.reason)
    case 'session.outdated':
      return outdateSession(state, event.isClosed)
    case 'session.mismatched':
      return askAboutOther(state, event)
    case 'renewal.failed': {
      if (session.status !== 'authenticated') return step(state)
      const renewal = { status: event.final ? 'ended' : 'failing', error: event.error } as const
      return step({ ...state, session: { ...session, renewal } })
    }
    case 'former_person.forgotten':
      return completeSwitch(state, event.id, event.error)
    case 'account_question.due':
      return step(showFirst(state))
    case 'accounts.remembered':
      return step({ ...state, remembered: event.remembered })
    case 'limit.changed':
      return step(session.status === 'authenticated' ? { ...state, limit: event.limit } : state)
    case 'step_up.resumed':
      return step({ ...state, resumed: event.resumed })
    case 'step_up.unmet': {
      const { type, ...unmet } = event
      return step({ ...state, interactions: [...state.interactions, { type: 'unmet_step_up', ...unmet }] })
    }
  }
}
