import { type Account, isSameAccount } from '../../core/account.ts'
import { defined } from '../../core/defined.ts'
import { AccountMismatchError, InteractionCancelledError } from '../../core/errors.ts'
import { type Demand, stepUpRequest } from '../../core/step-up-request.ts'
import type { AuthorizationRequest, TokenSet } from '../../core/tokens.ts'
import { UnansweredError } from '../../op/errors.ts'
import type { Redeemed } from '../../op/openid-provider.ts'
import { withTimeLimit } from '../../op/time-limit.ts'
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
   * @throws {AccountMismatchError} when the OP knows another person; a prompt asks about that
   */
  tryLogin(demand: Demand, signal: AbortSignal): Promise<TokenSet | null>
  /** Makes such tokens the session's, once the server that demanded them is content. */
  accept(tokens: TokenSet): void
}

export function createSilentStepUp(context: ClientContext): SilentStepUp {
  const { options, vault, machine, frames } = context
  const framesAnswer = (): boolean => options.renewal.via.includes('iframe') && frames.mayAnswer
  return {
    tryLogin: async (demand, signal) => {
      const expected = vault.current?.account
      if (!expected) throw notSignedIn()
      const request = stepUpRequest(demand, expected, options.profile)
      if (!isForSilence(request) || !framesAnswer()) return null
      if (demand.leaveAt !== undefined) await pauseUntil(demand.leaveAt, signal)
      const redeemed = await askInFrame(context, request, expected, signal)
      if (!redeemed) return null
      const { tokens, shortfall } = redeemed
      if (!isSameAccount(tokens.account, expected)) {
        machine.dispatch({ type: 'session.mismatched', expected, ...vault.keep(tokens, 'op') })
        throw new AccountMismatchError('The OpenID Provider answered a silent step-up for another person')
      }
      return shortfall ? null : tokens
    },

    accept: tokens => {
      const { current } = vault
      if (!current || !isSameAccount(current.account, tokens.account)) return
      // A refresh token that it replaces is not revoked: at many OPs that ends the whole grant, the new tokens' too.
      const { refreshToken = current.refreshToken } = tokens
      const next = { ...tokens, ...defined({ refreshToken }), receivedAt: Date.now() }
      machine.dispatch({ type: 'session.renewed', ...vault.keep(next, 'op') })
    },
  }
}

/** What a frame says; null when it says nothing that helps. */
async function askInFrame(
  { machine, frames }: ClientContext,
  request: AuthorizationRequest,
  expected: Account,
  signal: AbortSignal,
): Promise<Redeemed | null> {
  const gone = new AbortController()
  const stop = machine.store.subscribe(({ session }) => {
    if (session.status !== 'authenticated' || !isSameAccount(session.account, expected)) gone.abort()
  })
  const late = new AbortController()
  const ended = AbortSignal.any([signal, gone.signal, late.signal])
  const asking = frames.ask(request, silentSeconds, ended)
  const redeemed = await withTimeLimit(silentSeconds, 'The OpenID Provider', asking).catch(() => null)
  // Closes the frame, whether that or the token endpoint was too slow.
  late.abort(new UnansweredError('A hidden frame was given up'))
  stop()
  if (signal.aborted) throw new InteractionCancelledError('aborted')
  if (gone.signal.aborted) throw new InteractionCancelledError('signed_out')
  return redeemed
}

/** Without `prompt`, and with something to hold the answer against: the challenge's nonce, or an age. */
function isForSilence({ prompt, nonce, maxAge }: AuthorizationRequest): boolean {
  return prompt === undefined && (nonce !== undefined || maxAge !== undefined)
}
