import { type Account, isSameAccount } from '../account.ts'
import {
  AccountMismatchError,
  type AuthError,
  InteractionCancelledError,
  PopupBlockedError,
} from '../errors.ts'
import type { RememberedAccount } from '../remembered.ts'
import { adopt, enter, entered, isChanging } from './account-switch.ts'
import { activate, endAll, finish, fresh, install, mismatched, replace, shown } from './interactions.ts'
import {
  type AnonymousReason,
  type AuthState,
  type Interaction,
  initialState,
  type Prompt,
  type PromptAnswer,
  type ResumedStepUp,
  type SessionLimit,
  type SignedIn,
} from './state.ts'

/** Everything that can happen. `id` names the transaction whose tokens wait in the runner's vault. */
export type AuthEvent =
  | { readonly type: 'session.found'; readonly id: string; readonly signedIn: SignedIn }
  | { readonly type: 'session.missing'; readonly reason: AnonymousReason; readonly error?: AuthError }
  | { readonly type: 'session.renewed'; readonly id: string; readonly signedIn: SignedIn }
  /** Another tab's session, which is this tab's too. */
  | { readonly type: 'session.adopted'; readonly id: string; readonly signedIn: SignedIn }
  | { readonly type: 'session.ended'; readonly reason: AnonymousReason }
  /** The OP answered in silence, for somebody else than it was asked about. */
  | {
      readonly type: 'session.mismatched'
      readonly id: string
      readonly expected: Account
      readonly signedIn: SignedIn
    }
  /** Nothing of the former person is left, or the app could not see to that. */
  | { readonly type: 'account.changed'; readonly id: string; readonly error?: AuthError }
  /** Something was to be done for a person who may not be the one in front of the screen any more. */
  | { readonly type: 'account.doubted' }
  | { readonly type: 'accounts.remembered'; readonly remembered: readonly RememberedAccount[] }
  | { readonly type: 'renewal.failed'; readonly error: AuthError; readonly final: boolean }
  | { readonly type: 'limit.changed'; readonly limit: SessionLimit }
  | ({ readonly type: 'interaction.requested' } & Asked)
  | {
      readonly type: 'interaction.answered'
      readonly id: string
      readonly signedIn: SignedIn
      /** False when the answer falls short of what was asked: the backend may see it, the session may not. */
      readonly sufficient: boolean
    }
  | { readonly type: 'interaction.failed'; readonly id: string; readonly error: AuthError }
  | { readonly type: 'popup.blocked'; readonly id: string }
  | { readonly type: 'popup.lost'; readonly id: string }
  | { readonly type: 'prompt.answered'; readonly id: string; readonly answer: PromptAnswer }
  /** The OP cannot do what `action` needs of it. */
  | {
      readonly type: 'step_up.unmet'
      readonly id: string
      readonly action: string
      readonly account: Account
    }
  | { readonly type: 'step_up.resumed'; readonly resumed: ResumedStepUp | null }

export type Asked = Pick<Interaction, 'id' | 'kind' | 'action' | 'reason' | 'expected' | 'ladder'>

/** What the runner does. Those about tokens run before anybody sees the new state. */
export type AuthEffect =
  | { readonly type: 'tokens.install'; readonly id: string }
  | { readonly type: 'tokens.discard'; readonly id: string }
  | { readonly type: 'tokens.clear' }
  /** The session's tokens go, those that wait stay; requests under way are given up. */
  | { readonly type: 'tokens.leave' }
  | { readonly type: 'window.open'; readonly id: string }
  | { readonly type: 'window.close'; readonly id: string }
  | { readonly type: 'window.redirect'; readonly id: string }
  | { readonly type: 'interaction.settle'; readonly id: string; readonly error: AuthError | null }
  /** As this account, or as anybody. */
  | { readonly type: 'sign_in.start'; readonly account: Account | null }
  | { readonly type: 'limit.extend' }
  /** Let the app forget `from`, whom this page may not know any more, before `to` is shown. */
  | {
      readonly type: 'account.change'
      readonly id: string
      readonly from: Account | null
      readonly to: Account
    }

export type Step = readonly [AuthState, readonly AuthEffect[]]

/**
 * The whole state machine. Pure: time, randomness and the network come in with events and leave as effects.
 * An event about an interaction that is over changes nothing, and its tokens are discarded.
 */
export function transition(state: AuthState, event: AuthEvent): Step {
  switch (event.type) {
    case 'session.found':
      if (state.session.status !== 'initializing') return [state, [{ type: 'tokens.discard', id: event.id }]]
      return enter(state, event.id, event.signedIn)
    case 'session.missing': {
      if (state.session.status !== 'initializing') return [state, []]
      const { reason, error } = event
      return [{ ...state, session: { status: 'anonymous', reason, ...(error && { error }) } }, []]
    }
    case 'session.renewed': {
      const { session } = state
      const same =
        session.status === 'authenticated' && isSameAccount(session.account, event.signedIn.account)
      return same
        ? install(state, event.id, event.signedIn)
        : [state, [{ type: 'tokens.discard', id: event.id }]]
    }
    case 'session.adopted':
      return adopt(state, event.id, event.signedIn)
    case 'session.ended': {
      const [, ended] = endAll(state, 'signed_out')
      const { former, remembered } = state
      return [
        { ...initialState, former, remembered, session: { status: 'anonymous', reason: event.reason } },
        [{ type: 'tokens.clear' }, ...ended],
      ]
    }
    case 'session.mismatched': {
      const { id, expected, signedIn } = event
      const isAsked = state.interactions.some(
        ({ arrival }) => arrival !== null && isSameAccount(arrival.account, signedIn.account),
      )
      if (isAsked) return [state, [{ type: 'tokens.discard', id }]]
      const asked = fresh({ id, kind: 'session_ended', action: '', expected, ladder: [] })
      // After a full-page redirect there is no session to go on with until the person has decided.
      const { session } = state
      const kept: AuthState['session'] =
        session.status === 'authenticated' ? session : { status: 'anonymous', reason: 'account_mismatch' }
      const interactions = [mismatched(asked, expected, signedIn), ...state.interactions]
      return [{ ...state, session: kept, interactions }, []]
    }
    case 'renewal.failed': {
      const { session } = state
      if (session.status !== 'authenticated') return [state, []]
      const renewal = { status: event.final ? 'ended' : 'failing', error: event.error } as const
      return [{ ...state, session: { ...session, renewal } }, []]
    }
    case 'account.changed':
      return entered(state, event.id, event.error)
    case 'account.doubted':
      return activate(state)
    case 'accounts.remembered':
      return [{ ...state, remembered: event.remembered }, []]
    case 'limit.changed':
      return [{ ...state, limit: event.limit }, []]
    case 'interaction.requested':
      return request(state, event)
    case 'step_up.unmet': {
      const { id, action, account } = event
      const asked = fresh({ id, kind: 'step_up', action, expected: account, ladder: [] })
      const prompt: Prompt = { id, type: 'step_up_unmet', action, account }
      const unmet: Interaction = { ...asked, phase: 'unmet', prompt }
      return [{ ...state, interactions: [...state.interactions, unmet] }, []]
    }
    case 'step_up.resumed':
      return [{ ...state, resumed: event.resumed }, []]
    default:
      return interact(state, event)
  }
}

type InteractionEvent = Extract<
  AuthEvent,
  { type: 'interaction.answered' | 'interaction.failed' | 'popup.blocked' | 'popup.lost' | 'prompt.answered' }
>

function interact(state: AuthState, event: InteractionEvent): Step {
  const { id } = event
  if (state.limit?.prompt?.id === id) return [state, [{ type: 'limit.extend' }]]
  const interaction = state.interactions.find(one => one.id === id)
  if (!interaction)
    return [state, event.type === 'interaction.answered' ? [{ type: 'tokens.discard', id }] : []]
  // Too late to be given up: half of it is done.
  if (interaction.phase === 'changing') return [state, []]
  switch (event.type) {
    case 'interaction.failed': {
      const [done, effects] = finish(state, id, event.error)
      const { session } = done
      const shows = interaction.kind === 'sign_in' && session.status === 'anonymous'
      return [shows ? { ...done, session: { ...session, error: event.error } } : done, effects]
    }
    case 'interaction.answered': {
      const { expected } = interaction
      if (expected && !isSameAccount(expected, event.signedIn.account)) {
        const apart = mismatched(interaction, expected, event.signedIn)
        return [replace(state, apart), [{ type: 'window.close', id }]]
      }
      if (!event.sufficient) return finish(state, id, null)
      return enter(state, id, event.signedIn)
    }
    case 'popup.blocked':
      if (!interaction.ladder.includes('redirect')) {
        return finish(
          state,
          id,
          new PopupBlockedError('The browser blocked the popup; allow "redirect" in `interaction`'),
        )
      }
      return [replace(state, { ...interaction, phase: 'blocked', prompt: { id, type: 'popup_blocked' } }), []]
    case 'popup.lost':
      return [replace(state, shown(interaction, 'authenticating', 'lost')), []]
    case 'prompt.answered':
      return answer(state, interaction, event.answer)
  }
}

function answer(state: AuthState, interaction: Interaction, choice: PromptAnswer): Step {
  const { id, expected, arrival } = interaction
  if (interaction.phase === 'mismatched' && expected && arrival) {
    if (interaction.kind === 'account_changed') return decide(state, interaction, arrival, choice)
    const mismatch = new AccountMismatchError('Somebody else signed in; the session is unchanged')
    if (choice === 'switch') return enter(state, id, arrival)
    const [done, effects] = finish(state, id, mismatch)
    // After a full-page redirect no session is left to go back to, so the way back is a sign-in.
    const back: AuthEffect[] =
      state.session.status === 'authenticated' ? [] : [{ type: 'sign_in.start', account: expected }]
    return [done, [...effects, ...back]]
  }
  if (interaction.phase === 'unmet') {
    const [done, effects] = finish(state, id, null)
    const other: AuthEffect[] = choice === 'switch' ? [{ type: 'sign_in.start', account: null }] : []
    return [done, [...effects, ...other]]
  }
  if (choice === 'cancel') return finish(state, id, new InteractionCancelledError('dismissed'))
  return choice === 'continue' ? proceed(state, interaction) : [state, []]
}

/** Whose page this is from now on. Put off, it is asked again before anything is done for either of them. */
function decide(state: AuthState, asked: Interaction, arrival: SignedIn, choice: PromptAnswer): Step {
  if (choice === 'continue') return enter(state, asked.id, arrival)
  const back: AuthEffect[] = choice === 'switch' ? [{ type: 'sign_in.start', account: asked.expected }] : []
  return [replace(state, { ...asked, prompt: null }), back]
}

/** Opens the next rung of the ladder: runs inside the click, or the browser blocks the popup. */
function proceed(state: AuthState, interaction: Interaction): Step {
  const { id } = interaction
  if (interaction.phase === 'blocked' || interaction.ladder[0] === 'redirect') {
    return [
      replace(state, { ...interaction, phase: 'leaving', prompt: null }),
      [{ type: 'window.redirect', id }],
    ]
  }
  return [
    replace(state, shown(interaction, 'authenticating', 'open')),
    [
      { type: 'window.close', id },
      { type: 'window.open', id },
    ],
  ]
}

function request(state: AuthState, event: Extract<AuthEvent, { type: 'interaction.requested' }>): Step {
  const added = fresh(event)
  const unsure = state.interactions.filter(({ kind }) => kind === 'account_changed')
  if (isChanging(state) || (unsure.length > 0 && event.kind !== 'sign_in')) {
    const error = new InteractionCancelledError('superseded')
    return [activate(state)[0], [{ type: 'interaction.settle', id: event.id, error }]]
  }
  if (event.kind !== 'sign_in') return activate({ ...state, interactions: [...state.interactions, added] })
  // A sign-in may change who the session belongs to, so nothing that was asked before it can go on.
  const asked = state.interactions.filter(({ kind }) => kind !== 'account_changed')
  const [cleared, ended] = endAll({ ...state, interactions: asked }, 'superseded')
  const [next, effects] = proceed({ ...cleared, interactions: [added, ...unsure] }, added)
  return [next, [...ended, ...effects]]
}
