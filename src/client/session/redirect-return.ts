import { defined } from '../../core/defined.ts'
import { type AnyAuthError, InteractionRequiredError } from '../../core/errors.ts'
import type { ProveRequest } from '../../core/wire.ts'
import { asAuthError } from '../../op/errors.ts'
import type { RedirectResponse } from '../../op/redirects.ts'
import { signInAfterSignOut } from '../accounts/sign-out-first.ts'
import type { ClientContext } from '../context.ts'
import { failureOf } from '../failure.ts'
import { type KeptPurpose, type Purpose, readPurpose } from '../redirect-purpose.ts'
import { reviveError } from '../step-up/revive-error.ts'
import {
  handlePushedReturn,
  handleStepUpReturn,
  resumeCarriedStepUp,
  resumeStepUp,
} from '../step-up/step-up-return.ts'

/** What a full-page redirect brought back besides a session. */
export interface RedirectReturn {
  /** Of a step-up, for when the person confirms it. */
  readonly proof?: ProveRequest
  readonly error?: AnyAuthError
  /** The OP has said where its cookies count that it knows no person. */
  readonly isNone?: boolean
}

/** Takes the OP's answer to a full-page redirect. It never rejects: the state or the result shows what went wrong. */
export async function handleRedirectReturn(
  context: ClientContext,
  { departure, params }: RedirectResponse<KeptPurpose>,
): Promise<RedirectReturn> {
  const { op, machine, vault, browserSession, log } = context
  const { transaction } = departure
  const purpose = readPurpose(departure.purpose)
  log({ type: 'redirect.returned' })
  if (purpose.kind === 'step_up' && purpose.asked.by === 'guard' && purpose.asked.pushed) {
    const { pushed } = purpose.asked
    return handlePushedReturn(context, purpose, { ...purpose.asked, pushed }, params)
  }
  if (!transaction || purpose.kind === 'sign_out' || purpose.kind === 'switch_account') {
    // A person may have signed in in another tab meanwhile.
    if (browserSession.status === 'session') return {}
    const error =
      purpose.kind === 'switch_account' ? await signInAfterSignOut(context, purpose.request) : undefined
    machine.dispatch({ type: 'session.missing', reason: 'signed_out', ...defined({ error }) })
    return {}
  }
  try {
    const { tokens, shortfall } = await op.redeem(transaction, params)
    if (purpose.kind === 'step_up')
      return handleStepUpReturn(context, transaction, purpose, tokens, !shortfall)
    if (shortfall) throw shortfall
    // The person has signed out in another tab since this one left to find out who it is.
    if (purpose.kind === 'restore' && browserSession.status === 'closed') return {}
    const carried = purpose.kind === 'restore' ? purpose.carried : undefined
    const proof = carried && resumeCarriedStepUp(context, carried, tokens)
    const origin = purpose.kind === 'restore' ? 'op' : 'sign_in'
    const failure = failureBefore(purpose)
    const found = vault.keep(tokens, origin, transaction.state)
    machine.dispatch({ type: 'session.found', ...found, ...(failure && { failure }) })
    return defined({ proof })
  } catch (cause) {
    const error = asAuthError(cause)
    // The question was whether the OP knows any person; the answer is no.
    if (purpose.kind === 'restore' && error instanceof InteractionRequiredError)
      return { isNone: true, ...defined({ error: failureBefore(purpose) }) }
    log({ type: 'interaction.failed', ...failureOf(error) })
    if (purpose.kind === 'step_up') resumeStepUp(context, purpose, error)
    return { error }
  }
}

/** How the sign-in failed after which this page had to leave once more. */
function failureBefore(purpose: Purpose): AnyAuthError | undefined {
  return purpose.kind === 'restore' && purpose.failure ? reviveError(purpose.failure) : undefined
}
