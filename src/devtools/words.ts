import type { AuthLogEvent } from '../client/log-events.ts'
import type { AnonymousReason } from '../core/machine/state.ts'

/** What an entry is about, to filter by. */
export type Kind = 'session' | 'step-up' | 'prompt' | 'window'

/** How something looks: `wait` is under way, `bad` needs a look. */
export type Tone = 'plain' | 'good' | 'bad' | 'wait'

/** What an event is in plain words. */
export interface EventWords {
  readonly kind: Kind
  readonly tone: Tone
  readonly title: string
}

const words: Readonly<Record<AuthLogEvent['type'], readonly [Kind, Tone, string]>> = {
  'session.restored': ['session', 'good', 'The session was found without asking the person'],
  'session.signed_in': ['session', 'good', 'The person has signed in'],
  'session.renewed': ['session', 'good', 'The session has new tokens'],
  'session.adopted': ['session', 'good', 'The session of another tab is this tab’s too'],
  'account.changing': ['session', 'plain', 'Another person takes over'],
  'session.anonymous': ['session', 'plain', 'No person is signed in'],
  'session.signed_out': ['session', 'plain', 'The person has signed out'],
  'freshness.asked': ['step-up', 'plain', 'The backend is asked whether the login is fresh enough'],
  'freshness.challenged': ['step-up', 'plain', 'The backend wants a newer or stronger login'],
  'freshness.granted': ['step-up', 'good', 'The backend has given a grant'],
  'proof.sent': ['step-up', 'plain', 'The new login goes to the backend'],
  'proof.denied': ['step-up', 'bad', 'The backend refused the new login'],
  'grant.used': ['step-up', 'good', 'A request carries the grant'],
  'trigger.fired': ['step-up', 'plain', 'A trigger asks the backend'],
  'prompt.shown': ['prompt', 'plain', 'The person is asked'],
  'prompt.answered': ['prompt', 'plain', 'The person has answered'],
  'popup.opened': ['window', 'plain', 'A window with the provider has opened'],
  'popup.blocked': ['window', 'bad', 'The browser blocked the window'],
  'popup.closed': ['window', 'plain', 'The window was closed, or cannot be seen any more'],
  'redirect.started': ['window', 'plain', 'The page leaves for the provider'],
  'redirect.returned': ['window', 'plain', 'The page is back from the provider'],
  'interaction.failed': ['window', 'bad', 'The visit to the provider has failed'],
  'renewal.failed': ['session', 'bad', 'There are no new tokens'],
  'sign_in.failed': ['session', 'bad', 'The sign-in has failed'],
  'step_up.failed': ['step-up', 'bad', 'The step-up has failed'],
  'sign_out.failed': ['session', 'bad', 'The sign-out has failed'],
  'userinfo.failed': ['session', 'bad', 'The userinfo endpoint told nothing that may be used'],
  'revocation.failed': [
    'session',
    'bad',
    'The provider could not be told that the tokens are of no more use',
  ],
}

/** The words for an event. One that this version does not know has its type for words. */
export function wordsOf({ type, ...event }: AuthLogEvent): EventWords {
  const [kind, tone, title] = words[type] ?? ['session', 'plain', type]
  return { kind, tone: 'cause' in event ? 'bad' : tone, title }
}

/** Why no person is signed in, as a clause. */
export const reasonWords: Readonly<Record<AnonymousReason, string>> = {
  login_required: 'the provider knows no session in this browser, or may not tell',
  signed_out: 'the person has signed out',
  idle: 'the person was away for longer than `session.idle`',
  absolute: 'the session was older than `session.absolute`',
  account_mismatch: 'another person has signed in elsewhere in this browser',
  timeout: 'there was no answer in time',
  failed: 'it could not be found out who is signed in',
}
