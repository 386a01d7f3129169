import { isSameAccount } from '../account.ts'
import { AccountMismatchError, type AuthError } from '../errors.ts'
import { asksWho, endOthers, finish, fresh, install } from './interactions.ts'
import type { AuthState, SignedIn } from './state.ts'
import type { Step } from './transition.ts'

// One person after another. Nobody is ever half there: the former one's tokens, prompts and intents go, then what the
// app keeps (`account.change`), and only then is the next one shown.

/** A session begins: at once for the first or the same person, else when nothing of the former one is left. */
export function enter(state: AuthState, id: string, signedIn: SignedIn): Step {
  const { former, session } = state
  if (isChanging(state)) return [state, [{ type: 'tokens.discard', id }]]
  if (former === null || (former !== 'unknown' && isSameAccount(former, signedIn.account))) {
    const [done, ended] = finish(state, id, mismatchOf(state, id, signedIn))
    const [installed, effects] = install(done, id, signedIn)
    return [installed, [...effects, ...ended]]
  }
  const [{ interactions }, ended] = endOthers(state, id)
  const asked =
    interactions[0] ?? fresh({ id, kind: 'account_changed', action: '', expected: null, ladder: [] })
  return [
    {
      ...state,
      // Whoever was there is not any more; where nobody was, nothing changes yet.
      session: session.status === 'authenticated' ? { status: 'initializing' } : session,
      resumed: null,
      interactions: [{ ...asked, phase: 'changing', prompt: null, arrival: signedIn }],
    },
    [
      { type: 'tokens.leave' },
      ...ended,
      { type: 'window.close', id },
      { type: 'account.change', id, from: former === 'unknown' ? null : former, to: signedIn.account },
    ],
  ]
}

/** The end of that change. With an error nobody is signed in, because what the app keeps may be the former person's. */
export function entered(state: AuthState, id: string, error: AuthError | undefined): Step {
  const [changing] = state.interactions
  if (changing?.id !== id || changing.phase !== 'changing' || !changing.arrival) return [state, []]
  const { arrival } = changing
  const [done, ended] = finish(state, id, error ?? mismatchOf(state, id, arrival))
  if (error) return [{ ...done, session: { status: 'anonymous', reason: 'failed', error } }, ended]
  const [installed, effects] = install(done, id, arrival)
  return [installed, [...effects, ...ended]]
}

/** Another tab's session, which is this tab's too. Where it is somebody else's, the person must know before. */
export function adopt(state: AuthState, id: string, signedIn: SignedIn): Step {
  const { session } = state
  if (
    session.status !== 'authenticated' ||
    isChanging(state) ||
    isSameAccount(session.account, signedIn.account)
  )
    return enter(state, id, signedIn)
  const [, ended] = endOthers(state, id)
  const error = new AccountMismatchError('In another tab somebody else has signed in')
  const asked = fresh({ id, kind: 'account_changed', action: '', expected: session.account, ladder: [] })
  return [
    {
      ...state,
      session: { ...session, renewal: { status: 'ended', error } },
      resumed: null,
      interactions: [asksWho({ ...asked, phase: 'mismatched', arrival: signedIn })],
    },
    [{ type: 'tokens.leave' }, ...ended],
  ]
}

export function isChanging({ interactions }: AuthState): boolean {
  return interactions[0]?.phase === 'changing'
}

/** What whoever waited for one person learns when another came. */
function mismatchOf(state: AuthState, id: string, { account }: SignedIn): AuthError | null {
  const expected = state.interactions.find(one => one.id === id)?.expected
  return expected && !isSameAccount(expected, account)
    ? new AccountMismatchError('Somebody else signed in')
    : null
}
