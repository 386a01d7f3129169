import { isSameAccount } from '../../core/account.ts'
import { hasOtherAcr } from '../../core/acr.ts'
import { defined } from '../../core/defined.ts'
import {
  AccountMismatchError,
  type AnyAuthError,
  StepUpDeniedError,
  StepUpUnmetError,
} from '../../core/errors.ts'
import type { StepUpSubject } from '../../core/machine/interaction.ts'
import { readDisplay } from '../../core/step-up-display.ts'
import type { TokenSet, Transaction } from '../../core/tokens.ts'
import type { CodeProof, ProveRequest } from '../../core/wire.ts'
import { asAuthError } from '../../op/errors.ts'
import type { ClientContext } from '../context.ts'
import { failureOf } from '../failure.ts'
import type { AskedByGuard, CarriedStepUp, StepUpPurpose } from '../redirect-purpose.ts'
import { reviveError } from './revive-error.ts'

// What becomes of a step-up that left by a full-page redirect, when it comes back.

/**
 * The person is back with tokens. The session takes them if they are sufficient.
 *
 * @returns the proof for the backend, or the error
 */
export function handleStepUpReturn(
  context: ClientContext,
  { state: id, startedAt, acrValues }: Transaction,
  purpose: StepUpPurpose,
  tokens: TokenSet,
  isSufficient: boolean,
): { readonly proof?: ProveRequest; readonly error?: AnyAuthError } {
  const { options, vault, machine, now } = context
  const { expected, asked } = purpose
  if (!isSameAccount(expected, tokens.account)) {
    const error = new AccountMismatchError('Another person came back from the OpenID Provider')
    machine.dispatch({ type: 'session.mismatched', expected, ...vault.keep(tokens, 'op', id) })
    resumeStepUp(context, purpose, error)
    return { error }
  }
  // This page has no session but this answer. If the backend refuses it, the next Ask gets another one from a frame.
  if (isSufficient) machine.dispatch({ type: 'session.found', ...vault.keep(tokens, 'sign_in', id) })
  if (asked.by === 'guard') {
    const isLate = now() - startedAt > asked.expiresIn
    resumeStepUp(context, purpose, isLate ? new StepUpDeniedError('challenge_expired') : null)
    return { proof: { challenge: asked.challenge, id_token: tokens.idToken } }
  }
  // A resource server sets no time for the login, and judges its age itself when the request is sent again.
  const isWeak = hasOtherAcr(tokens.claims, acrValues, options.profile.acrClaim)
  resumeStepUp(context, purpose, isWeak ? new StepUpUnmetError('acr_unmet') : null)
  return {}
}

/**
 * The person is back from a request that the backend had sent. The page does not learn who it was.
 *
 * @returns the proof for the backend, or the error
 */
export async function handlePushedReturn(
  context: ClientContext,
  purpose: StepUpPurpose,
  { challenge, expiresIn, pushed: { state, leftAt } }: Required<AskedByGuard>,
  params: string,
): Promise<{ readonly proof?: ProveRequest; readonly error?: AnyAuthError }> {
  try {
    const response = await context.op.readPushed({ state }, params)
    const isLate = context.now() - leftAt > expiresIn
    resumeStepUp(context, purpose, isLate ? new StepUpDeniedError('challenge_expired') : null)
    return { proof: { challenge, ...response } }
  } catch (cause) {
    const error = asAuthError(cause)
    context.log({ type: 'interaction.failed', ...failureOf(error) })
    resumeStepUp(context, purpose, error)
    return { error }
  }
}

/** Offers the step-up to the app, or its error. */
export function resumeStepUp(
  { machine }: ClientContext,
  purpose: StepUpPurpose,
  error: AnyAuthError | null,
): void {
  const { action, input, idempotencyKey, key } = purpose
  // It was in this tab's storage meanwhile.
  const display = readDisplay(purpose.display) ?? undefined
  const resumed = { action, input, idempotencyKey, error, ...defined({ key, display }) }
  machine.dispatch({ type: 'step_up.resumed', resumed })
  if (error instanceof StepUpUnmetError) showUnmet(machine, resumed)
}

/**
 * The same once more, after the page had to leave again to find the session. Another person's is dropped.
 *
 * @returns the proof that has been carried along
 */
export function resumeCarriedStepUp(
  context: ClientContext,
  { purpose, error, proof }: CarriedStepUp,
  { account }: TokenSet,
): CodeProof | undefined {
  if (!isSameAccount(purpose.expected, account)) return undefined
  resumeStepUp(context, purpose, error && reviveError(error))
  return proof
}

/** Shows the prompt once the session is found again after the redirect. Without a session there is no person to tell. */
function showUnmet({ store, dispatch }: ClientContext['machine'], { action, display }: StepUpSubject): void {
  const stop = store.subscribe(({ session }) => {
    if (session.status === 'initializing') return
    stop()
    if (session.status !== 'authenticated') return
    const { account } = session
    const about = { action, account, ...defined({ display }) }
    dispatch({ type: 'step_up.unmet', id: crypto.randomUUID(), ...about })
  })
}
