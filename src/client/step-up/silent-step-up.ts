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

export function createSilentStepUp({ options, vault, machine, frames }: ClientContext): SilentStepUp {
  const framesAnswer = (): boolean => options.renewal.via.includes('iframe') && frames.mayAnswer

  /** Aborted when the person is no longer signed in. */
  const whileSignedIn = (expected: Account): { readonly signal: AbortSignal; readonly stop: () => void } => {
    const gone = new AbortController()
    const stop = machine.store.subscribe(({ session }) => {
      if (session.status !== 'authenticated' || !isSameAccount(session.account, expected)) gone.abort()
    })
    return { signal: gone.signal, stop }
  }

  /** What a frame says; null when it says nothing that helps. */
  const ask = async (
    request: AuthorizationRequest,
    expected: Account,
    signal: AbortSignal,
  ): Promise<Redeemed | null> => {
    const present = whileSignedIn(expected)
    const late = new AbortController()
    const ended = AbortSignal.any([signal, present.signal, late.signal])
    const asked = frames.ask(request, silentSeconds, ended)
    const answered = await withTimeLimit(silentSeconds, 'The OpenID Provider', asked).catch(() => null)
    // The frame goes, whatever was too slow.
    late.abort(new UnansweredError('A hidden frame was given up'))
    present.stop()
    if (signal.aborted) throw new InteractionCancelledError('aborted')
    if (present.signal.aborted) throw new InteractionCancelledError('signed_out')
    return answered
  }

  return {
    tryLogin: async (demand, signal) => {
      const expected = vault.current?.account
      if (!expected) throw notSignedIn()
      const request = stepUpRequest(demand, expected, options.profile)
      if (!isForSilence(request) || !framesAnswer()) return null
      if (demand.leaveAt !== undefined) await pauseUntil(demand.leaveAt, signal)
      const answered = await ask(request, expected, signal)
      if (!answered) return null
      const { tokens, shortfall } = answered
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

/** Without `prompt`, and with something to hold the answer against: the challenge's nonce, or an age. */
function isForSilence({ prompt, nonce, maxAge }: AuthorizationRequest): boolean {
  return prompt === undefined && (nonce !== undefined || maxAge !== undefined)
}
