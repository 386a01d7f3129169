import { type Account, isSameAccount } from '../../core/account.ts'
import type { ApiTarget } from '../../core/api-target.ts'
import { AccountMismatchError, InteractionCancelledError } from '../../core/errors.ts'
import { type Demand, silentRequest, stepUpRequest } from '../../core/step-up-request.ts'
import type { AuthorizationRequest, TokenSet } from '../../core/tokens.ts'
import { UnansweredError } from '../../op/errors.ts'
import type { Redeemed } from '../../op/openid-provider.ts'
import { withTimeLimit } from '../../op/time-limit.ts'
import { anySignal } from '../any-signal.ts'
import { signInFor } from '../api-targets.ts'
import type { ClientContext } from '../context.ts'
import { notSignedIn } from '../not-signed-in.ts'
import { pauseUntil } from '../pause.ts'

/** Seconds that a person waits for an answer in silence before a prompt comes up. */
export const silentSeconds = 3

/** The OP's session may be fresh enough for a demand although the app's tokens do not show it. */
export interface SilentStepUp {
  /**
   * Tokens that meet the demand, from a hidden frame; null when only the person can help. They are not the session's.
   *
   * @param target the API whose access token is wanted. Default: the session's own
   * @throws {AccountMismatchError} when the OP knows another person; a prompt asks about that
   */
  tryLogin(demand: Demand, signal: AbortSignal, target?: ApiTarget | null): Promise<TokenSet | null>
  /**
   * New tokens of the session's person, from a hidden frame, of whatever login; null when the frame has none. They are
   * not the session's.
   *
   * @throws {AccountMismatchError} as `tryLogin` does
   */
  findPerson(signal: AbortSignal): Promise<TokenSet | null>
}

export function createSilentStepUp(context: ClientContext): SilentStepUp {
  const { browser, options, vault, machine, frames } = context
  const framesAnswer = (): boolean => options.renewal.via.includes('iframe') && frames.mayAnswer

  const signedIn = (): Account => {
    if (!vault.current) throw notSignedIn()
    return vault.current.account
  }

  const askFor = async (
    expected: Account,
    request: AuthorizationRequest,
    signal: AbortSignal,
  ): Promise<Redeemed | null> => {
    const redeemed = await askInFrame(context, request, expected, signal)
    if (redeemed && !isSameAccount(redeemed.tokens.account, expected)) {
      machine.dispatch({ type: 'session.mismatched', expected, ...vault.keep(redeemed.tokens, 'op') })
      throw new AccountMismatchError('The OpenID Provider answered a silent step-up for another person')
    }
    return redeemed
  }

  return {
    tryLogin: async (demand, signal, target = null) => {
      const expected = signedIn()
      const request = silentRequest(demand, expected, options.profile)
      if (!request || !framesAnswer()) return null
      if (demand.leaveAt !== undefined) await pauseUntil(browser.clock, demand.leaveAt, signal)
      const redeemed = await askFor(expected, { ...request, ...signInFor(options, target) }, signal)
      return redeemed && !redeemed.shortfall ? redeemed.tokens : null
    },

    findPerson: async signal => {
      const expected = signedIn()
      if (!framesAnswer()) return null
      const redeemed = await askFor(expected, stepUpRequest({}, expected, options.profile), signal)
      return redeemed?.tokens ?? null
    },
  }
}

/** What a frame says; null when it says nothing that helps. */
async function askInFrame(
  { browser, machine, frames }: ClientContext,
  request: AuthorizationRequest,
  expected: Account,
  signal: AbortSignal,
): Promise<Redeemed | null> {
  const gone = new AbortController()
  const stop = machine.store.subscribe(({ session }) => {
    if (session.status !== 'authenticated' || !isSameAccount(session.account, expected)) gone.abort()
  })
  const late = new AbortController()
  const ended = anySignal(signal, gone.signal, late.signal)
  const asking = frames.ask(request, silentSeconds, ended.signal)
  const redeemed = await withTimeLimit(browser.clock, silentSeconds, 'The OpenID Provider', asking).catch(
    () => null,
  )
  // Closes the frame, whether that or the token endpoint was too slow.
  late.abort(new UnansweredError('A hidden frame was given up'))
  ended.release()
  stop()
  if (signal.aborted) throw new InteractionCancelledError('aborted')
  if (gone.signal.aborted) throw new InteractionCancelledError('signed_out')
  return redeemed
}
