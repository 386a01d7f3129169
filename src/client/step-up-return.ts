import { isSameAccount } from '../core/account.ts'
import { AccountMismatchError, type AuthError, StepUpDeniedError, StepUpUnmetError } from '../core/errors.ts'
import type { TokenSet, Transaction } from '../core/ports.ts'
import type { ComeBack } from './boot.ts'
import type { ClientContext } from './context.ts'
import type { StepUpPurpose } from './step-up.ts'
import { asUnmet } from './unmet.ts'

// What becomes of a step-up that left by a full-page redirect, when it comes back.

export function comeBackToStepUp(
  context: ClientContext,
  { state: id, startedAt, acrValues }: Transaction,
  purpose: StepUpPurpose,
  tokens: TokenSet,
  sufficient: boolean,
  found: (context: ClientContext, id: string, tokens: TokenSet) => void,
): ComeBack {
  const { expected, challenge } = purpose
  if (!isSameAccount(expected, tokens.account)) {
    const error = new AccountMismatchError('Somebody else came back from the OpenID Provider')
    const signedIn = context.vault.put(id, tokens)
    context.machine.dispatch({ type: 'session.mismatched', id, expected, signedIn })
    resume(context, purpose, error)
    return { error }
  }
  if (sufficient) found(context, id, tokens)
  // As long as a challenge lives: after that nobody remembers what they meant to do.
  const isLate = context.now() - startedAt > 600
  const { acr } = tokens.claims
  // Of a challenge the backend is the judge.
  const isWeak = challenge === null && acr !== undefined && acrValues?.includes(acr) === false
  const late = isLate ? new StepUpDeniedError('challenge_expired') : null
  resume(context, purpose, isWeak ? new StepUpUnmetError('acr_unmet') : late)
  // Without one a resource server asked, and will see for itself.
  return challenge === null ? {} : { proof: { challenge, id_token: tokens.idToken } }
}

export function resume(
  { machine }: ClientContext,
  purpose: StepUpPurpose,
  error: AuthError | null,
  acrValues?: readonly string[],
): void {
  const { action, input, idempotencyKey } = purpose
  const outcome = asUnmet(error, acrValues) as AuthError | null
  machine.dispatch({ type: 'step_up.resumed', resumed: { action, input, idempotencyKey, error: outcome } })
  if (outcome instanceof StepUpUnmetError) showUnmet(machine, action)
}

/** As soon as it is known whom to tell: after the redirect the session has to be found again. */
function showUnmet({ store, dispatch }: ClientContext['machine'], action: string): void {
  const stop = store.subscribe(({ session }) => {
    if (session.status === 'initializing') return
    stop()
    if (session.status !== 'authenticated') return
    const { account } = session
    dispatch({ type: 'step_up.unmet', id: crypto.randomUUID(), action, account })
  })
}
