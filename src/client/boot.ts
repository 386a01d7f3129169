import { isSameAccount } from '../core/account.ts'
import {
  AccountMismatchError,
  type AuthError,
  AuthTimeoutError,
  InteractionRequiredError,
} from '../core/errors.ts'
import type { TokenSet } from '../core/ports.ts'
import type { ProveRequest } from '../core/wire.ts'
import { asAuthError } from '../op/errors.ts'
import { exchangeSilently } from '../op/exchange.ts'
import { type Arrival, arrive } from '../op/redirects.ts'
import type { ClientContext } from './context.ts'
import type { StepUpPurpose } from './step-up.ts'
import { signedIn } from './vault.ts'

/** Why a full-page redirect left: what the page that it comes back to must know. */
export type Purpose = StepUpPurpose | { readonly kind: 'sign_in' } | { readonly kind: 'sign_out' }

interface ComeBack {
  readonly proof?: ProveRequest
  readonly error?: AuthError
}

/**
 * Finds out who is signed in when the page loads: by the redirect it comes back from, else by asking the OP in a
 * hidden frame. Ends in `authenticated` or `anonymous`, whatever happens.
 *
 * @returns the proof of a step-up that came back by redirect, for when the person confirms it
 */
export async function boot(context: ClientContext): Promise<ProveRequest | null> {
  const { options, machine } = context
  const arrival = arrive<Purpose>(options.issuer, options.clientId)
  const { proof, error }: ComeBack = arrival ? await comeBack(context, arrival) : {}
  if (machine.store.getState().session.status === 'initializing') await restore(context, error)
  return proof ?? null
}

async function comeBack(context: ClientContext, { departure, params }: Arrival<Purpose>): Promise<ComeBack> {
  const { options, op, machine } = context
  const { purpose, transaction } = departure
  options.logger({ type: 'redirect.returned' })
  if (!transaction || purpose.kind === 'sign_out') {
    machine.dispatch({ type: 'session.missing', reason: 'signed_out' })
    return {}
  }
  try {
    const { tokens, shortfall } = await op.redeem(transaction, params)
    if (purpose.kind === 'step_up')
      return comeBackToStepUp(context, transaction.state, purpose, tokens, !shortfall)
    if (shortfall) throw shortfall
    found(context, transaction.state, tokens)
    return {}
  } catch (cause) {
    const error = asAuthError(cause)
    options.logger({ type: 'interaction.failed', code: error.code })
    if (purpose.kind === 'step_up') resume(context, purpose, error)
    return { error }
  }
}

function comeBackToStepUp(
  context: ClientContext,
  id: string,
  purpose: StepUpPurpose,
  tokens: TokenSet,
  sufficient: boolean,
): ComeBack {
  const { expected, challenge } = purpose
  if (!isSameAccount(expected, tokens.account)) {
    const error = new AccountMismatchError('Somebody else came back from the OpenID Provider')
    context.vault.put(id, tokens)
    context.machine.dispatch({ type: 'redirect.mismatched', id, expected, signedIn: signedIn(tokens) })
    resume(context, purpose, error)
    return { error }
  }
  if (sufficient) found(context, id, tokens)
  resume(context, purpose, null)
  return { proof: { challenge, id_token: tokens.idToken } }
}

function resume({ machine }: ClientContext, { action, input }: StepUpPurpose, error: AuthError | null): void {
  machine.dispatch({ type: 'step_up.resumed', resumed: { action, input, error } })
}

function found({ vault, machine }: ClientContext, id: string, tokens: TokenSet): void {
  vault.put(id, tokens)
  machine.dispatch({ type: 'session.found', id, signedIn: signedIn(tokens) })
}

async function restore(context: ClientContext, failure: AuthError | undefined): Promise<void> {
  const { options, op, machine, disposed } = context
  try {
    if (options.profile.iframe === false) throw new InteractionRequiredError('login_required')
    const { tokens } = await exchangeSilently(op, {}, options.timeLimit, disposed)
    found(context, crypto.randomUUID(), tokens)
  } catch (cause) {
    const error = asAuthError(cause)
    const known = error instanceof InteractionRequiredError
    const reason = known ? 'login_required' : error instanceof AuthTimeoutError ? 'timeout' : 'failed'
    const shown = failure ?? (known ? undefined : error)
    machine.dispatch({ type: 'session.missing', reason, ...(shown && { error: shown }) })
  }
}
