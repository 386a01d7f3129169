import { isSameAccount } from '../../core/account.ts'
import {
  AccountMismatchError,
  type AuthError,
  AuthorizationResponseError,
  AuthTimeoutError,
  IdTokenError,
  InteractionRequiredError,
  NetworkError,
  StepUpDeniedError,
  StepUpUnmetError,
} from '../../core/errors.ts'
import type { TokenSet, Transaction } from '../../core/tokens.ts'
import type { ClientContext } from '../context.ts'
import type { ComeBack, FailedStepUp } from '../session/restore-session.ts'
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

/** The same once more, after the page had to leave again to find the session. Of another person's it is nothing. */
export function resumeFailed(
  context: ClientContext,
  { purpose, error }: FailedStepUp,
  { account }: TokenSet,
): void {
  if (isSameAccount(purpose.expected, account)) resume(context, purpose, error && revive(error))
}

/** An error that has been through JSON. */
function revive({ code, error, parameters, claim, reason }: Record<string, unknown>): AuthError {
  const response = [error as string, parameters as Record<string, string>] as const
  if (code === 'step_up_unmet') return new StepUpUnmetError(...response)
  if (code === 'interaction_required') return new InteractionRequiredError(...response)
  if (code === 'authorization_failed') return new AuthorizationResponseError(...response)
  if (code === 'id_token_invalid') return new IdTokenError(claim as string, reason as IdTokenError['reason'])
  if (code === 'step_up_denied') return new StepUpDeniedError(reason as string)
  if (code === 'timeout') return new AuthTimeoutError('The OpenID Provider did not answer in time')
  return new NetworkError('The OpenID Provider could not be reached')
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
