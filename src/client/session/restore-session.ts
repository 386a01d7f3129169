import { type AuthError, AuthTimeoutError, InteractionRequiredError } from '../../core/errors.ts'
import type { AnonymousReason } from '../../core/machine/state.ts'
import type { TokenSet } from '../../core/tokens.ts'
import type { ProveRequest } from '../../core/wire.ts'
import { asAuthError } from '../../op/errors.ts'
import { type Arrival, arrive } from '../../op/redirects.ts'
import { recall } from '../../op/storage.ts'
import type { ClientContext } from '../context.ts'
import type { StepUpPurpose } from '../step-up/step-up.ts'
import { adopted, askedKey } from './vault.ts'

/** Why a full-page redirect left: what the page that it comes back to must know. */
export type Purpose =
  | StepUpPurpose
  | { readonly kind: 'sign_in' | 'sign_out' }
  | { readonly kind: 'restore'; readonly failed?: FailedStepUp }

/** A step-up that came back without a session, so that the page had to leave once more. */
export interface FailedStepUp {
  readonly purpose: StepUpPurpose
  /** The fields of its error, if it had one. */
  readonly error: Readonly<Record<string, unknown>> | null
}

export interface ComeBack {
  readonly proof?: ProveRequest
  readonly error?: AuthError
}

/**
 * Finds out who is signed in when the page loads: by the redirect it comes back from, else from this tab's storage,
 * another tab, the OP in a hidden frame, or the OP by a full-page redirect. Ends in `authenticated` or `anonymous`,
 * whatever happens.
 *
 * @returns the proof of a step-up that came back by redirect, for when the person confirms it
 */
export async function boot(context: ClientContext): Promise<ProveRequest | null> {
  const { options, machine } = context
  const arrival = arrive<Purpose>(options.issuer, options.clientId)
  const { proof, error }: ComeBack = arrival ? await comeBack(context, arrival) : {}
  const { session, interactions } = machine.store.getState()
  // Somebody who has been found may have to wait until nothing of the former person is left.
  if (session.status === 'initializing' && interactions.length === 0) {
    await restore(context, error, arrival?.departure.purpose)
  }
  // A sign-in comes next: where the page may be cached, the way back of that costs no request.
  if (machine.store.getState().session.status === 'anonymous') fetch(options.callbackUrl).catch(() => {})
  return proof ?? null
}

const stepUpReturn = (): Promise<typeof import('../step-up/step-up-return.ts')> =>
  import('../step-up/step-up-return.ts')

async function comeBack(context: ClientContext, { departure, params }: Arrival<Purpose>): Promise<ComeBack> {
  const { op, machine } = context
  const { purpose, transaction } = departure
  context.log({ type: 'redirect.returned' })
  if (!transaction || purpose.kind === 'sign_out') {
    machine.dispatch({ type: 'session.missing', reason: 'signed_out' })
    return {}
  }
  try {
    const { tokens, shortfall } = await op.redeem(transaction, params)
    if (purpose.kind === 'step_up') {
      const { comeBackToStepUp } = await stepUpReturn()
      return comeBackToStepUp(context, transaction, purpose, tokens, !shortfall, found)
    }
    if (shortfall) throw shortfall
    if ('failed' in purpose) (await stepUpReturn()).resumeFailed(context, purpose.failed, tokens)
    found(context, transaction.state, tokens)
    return {}
  } catch (cause) {
    const error = asAuthError(cause)
    // The OP knows nobody, which is what was asked.
    if (purpose.kind === 'restore' && error instanceof InteractionRequiredError) return {}
    context.log({ type: 'interaction.failed', code: error.code })
    if (purpose.kind === 'step_up') {
      const { resume } = await stepUpReturn()
      resume(context, purpose, error, transaction.acrValues)
    }
    return { error }
  }
}

export function found({ vault, machine }: ClientContext, id: string, tokens: TokenSet): void {
  machine.dispatch({ type: 'session.found', id, signedIn: vault.put(id, tokens) })
}

async function restore(
  context: ClientContext,
  failure: AuthError | undefined,
  purpose: Purpose | undefined,
): Promise<void> {
  const { options, frames, machine, vault, tabs, marks, disposed } = context
  const asked = purpose?.kind === 'restore'
  let unknown: AuthError | undefined = failure
  const missing = (reason: AnonymousReason): void =>
    machine.dispatch({ type: 'session.missing', reason, ...(unknown && { error: unknown }) })
  if (marks.read() === 'closed') return missing('signed_out')
  let reason: AnonymousReason = 'login_required'
  for (const way of options.renewal.restore) {
    try {
      if (way === 'tabs') {
        const tokens = (await tabs.ask(() => true)) ?? (await vault.recall())
        if (tokens) return found(context, `${adopted}${crypto.randomUUID()}`, tokens)
      } else if (way === 'iframe' && !asked && options.profile.iframe !== false) {
        const { tokens } = await frames.ask({}, options.timeLimit, disposed)
        return found(context, crypto.randomUUID(), tokens)
      } else if (way === 'top-level' && !asked && mayLeave(context, reason)) {
        await (await import('./ask-top-level.ts')).leave(context, purpose)
      }
    } catch (cause) {
      const error = asAuthError(cause)
      reason = error instanceof InteractionRequiredError ? 'login_required' : 'failed'
      if (error instanceof AuthTimeoutError) reason = 'timeout'
      if (reason !== 'login_required') unknown ??= error
    }
  }
  // The OP has been asked where its cookies count, and it knows nobody.
  if (asked) marks.write(null)
  missing(reason)
}

/**
 * Whether a full-page redirect could tell more than the hidden frame did: only where the frame's answer may be the
 * browser's doing, only in a browser that had a session, and only once in a tab.
 */
function mayLeave({ options, marks, name }: ClientContext, reason: AnonymousReason): boolean {
  const sameHost = new URL(options.issuer).hostname === location.hostname
  const known = sameHost && reason === 'login_required' && options.profile.iframe !== false
  return !known && marks.read() === 'session' && recall(askedKey + name) === null
}
