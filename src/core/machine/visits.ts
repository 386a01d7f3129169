import { isSameAccount } from '../account.ts'
import { type AnyAuthError, InteractionCancelledError, PopupBlockedError } from '../errors.ts'
import { beginSession, switchOf } from './account-switch.ts'
import { discard, type Effects, type Step, step } from './effects.ts'
import type { VisitEvent } from './events.ts'
import {
  type Arrival,
  type AtOp,
  type Interaction,
  isPersonal,
  type Ladder,
  type Rung,
  type SignInGoal,
  type SwitchGoal,
  type Visit,
} from './interaction.ts'
import { endAll, finish, replace, showFirst } from './interaction-queue.ts'
import { keepApart } from './mismatch.ts'
import { type AuthState, isUnknown } from './state.ts'

type Requested = Extract<VisitEvent, { type: 'visit.requested' }>
type Answered = Extract<VisitEvent, { type: 'visit.answered' }>

/** What a window at the OP, or the runner that opened it, says about its visit. */
export function onVisit(state: AuthState, event: VisitEvent): Step {
  if (event.type === 'visit.requested') return requestVisit(state, event)
  const interaction = state.interactions.find(one => one.id === event.id)
  // Too late: it is over, or half of a switch is done.
  if (!interaction) return event.type === 'visit.answered' ? discard(state, event.id) : step(state)
  if (interaction.type === 'account_switch') return step(state)
  switch (event.type) {
    case 'interaction.failed':
      return failVisit(state, interaction, event.error)
    case 'visit.answered':
      return interaction.type === 'visit' ? answerVisit(state, interaction, event) : discard(state, event.id)
    case 'visit.returned':
      return interaction.type === 'visit' ? finish(state, interaction.id, null) : step(state)
    case 'popup.blocked':
      return interaction.type === 'visit' ? offerRedirect(state, interaction) : step(state)
    case 'popup.lost':
      return interaction.type === 'visit' && interaction.place.at === 'popup'
        ? step(replace(state, { ...interaction, place: { at: 'popup', window: 'lost' } }))
        : step(state)
  }
}

/** Opens the next rung of the ladder, or shows its window: within the click, or the browser blocks the popup. */
export function proceed(state: AuthState, visit: Visit): Step {
  const isOpen = visit.place.at === 'popup' && visit.place.window === 'open'
  if (isOpen) return step(state, { effects: [{ type: 'window.show', id: visit.id }] })
  const rung = visit.place.at === 'blocked_popup' ? 'redirect' : visit.ladder[0]
  const { place, ...effects } = openRung(visit.id, rung)
  return step(replace(state, { ...visit, place }), effects)
}

function openRung(id: string, rung: Rung): Partial<Effects> & { readonly place: AtOp } {
  switch (rung) {
    case 'redirect':
      return { place: { at: 'redirect' }, effects: [{ type: 'window.redirect', id }] }
    case 'popup':
      return {
        place: { at: 'popup', window: 'open' },
        effects: [
          { type: 'window.close', id },
          { type: 'window.open', id },
        ],
      }
  }
}

function requestVisit(state: AuthState, { id, goal, ladder }: Requested): Step {
  const isQuestion = ({ type }: Interaction): boolean => type === 'account_question'
  const isUndecided = state.interactions.some(isQuestion)
  if (switchOf(state) || (isUndecided && isPersonal(goal))) {
    const error = new InteractionCancelledError('superseded')
    return step(showFirst(state), { effects: [{ type: 'visit.settle', id, error }] })
  }
  if (isPersonal(goal)) {
    const queued: Visit = { type: 'visit', id, goal, ladder, place: { at: 'queue' } }
    return step(showFirst({ ...state, interactions: [...state.interactions, queued] }))
  }
  // A sign-in may change whose session it is, so nothing that was asked before it can go on.
  const cleared = endAll(state, 'superseded', isQuestion)
  const { visit, ...effects } = openVisit(goal, id, ladder)
  return step(
    { ...state, session: withoutError(state.session), interactions: [visit, ...cleared.state.interactions] },
    cleared,
    effects,
  )
}

/** A sign-in starts within the click; a sign-out before it is asked about. */
function openVisit(
  goal: SignInGoal | SwitchGoal,
  id: string,
  ladder: Ladder,
): Partial<Effects> & { readonly visit: Visit } {
  if (goal.kind === 'switch_account')
    return { visit: { type: 'visit', id, goal, ladder, place: { at: 'prompt' } } }
  const { place, ...effects } = openRung(id, ladder[0])
  return { visit: { type: 'visit', id, goal, ladder, place }, ...effects }
}

/** What failed before is no news once the person tries again. */
function withoutError(session: AuthState['session']): AuthState['session'] {
  if (session.status !== 'authenticated' || !session.error) return session
  const { error, ...others } = session
  return others
}

function failVisit(state: AuthState, interaction: Interaction, error: AnyAuthError): Step {
  const done = finish(state, interaction.id, error)
  const { session } = done.state
  const isSignIn = interaction.type === 'visit' && interaction.goal.kind === 'sign_in'
  // Where no person is signed in, the page shows why the sign-in failed.
  if (!isSignIn || session.status !== 'anonymous') return done
  const failed: AuthState['session'] = isUnknown(session)
    ? { ...session, error, isStillUnknown: true }
    : { ...session, error }
  return { ...done, state: { ...done.state, session: failed } }
}

/** A step-up's login is not the session's yet: the step-up sees to that, once its server has taken the login. */
function answerVisit(state: AuthState, visit: Visit, { id, signedIn }: Answered): Step {
  const arrival: Arrival = { signedIn, origin: 'sign_in' }
  const { goal } = visit
  if (isPersonal(goal) && !isSameAccount(goal.account, signedIn.account))
    return keepApart(state, id, goal, arrival)
  return goal.kind === 'step_up' ? finish(state, id, null) : beginSession(state, id, arrival)
}

function offerRedirect(state: AuthState, visit: Visit): Step {
  if (visit.ladder.includes('redirect'))
    return step(replace(state, { ...visit, place: { at: 'blocked_popup' } }))
  const error = new PopupBlockedError('The browser blocked the popup; allow "redirect" in `interaction`')
  return finish(state, visit.id, error)
}
