import { isSameAccount } from '../../core/account.ts'
import type { ApiTarget } from '../../core/api-target.ts'
import type { AuthError } from '../../core/errors.ts'
import { isUnknown } from '../../core/machine/state.ts'
import { type AccessToken, accessTokenFor, type SessionTokens } from '../../core/tokens.ts'
import type { ClientContext } from '../context.ts'
import { notSignedIn } from '../not-signed-in.ts'
import type { Visits } from '../run-visits.ts'
import { isSilence } from './ask-op-for-tokens.ts'
import type { Limits } from './limits.ts'
import type { Restore } from './restore-session.ts'
import { createSignInAgain } from './sign-in-again.ts'
import { createSilentRenewal, isFinal } from './silent-renewal.ts'
import { isValidFor } from './token-life.ts'

export interface Renewal {
  /**
   * Renews now; one at a time in this browser, one outcome for all callers.
   *
   * @param target the API whose access token is renewed. Default: the session's own
   * @throws {AuthError}
   */
  renew(target?: ApiTarget | null): Promise<void>
  /**
   * Does the same, and asks the person to sign in again where only the person can help.
   *
   * @param isAsked whether it is for what the person has just done: one who has declined is asked again only then
   * @throws {AuthError}
   */
  renewOrAsk(target: ApiTarget | null, isAsked: boolean): Promise<void>
  /**
   * An access token of the person on screen that is good for that many seconds more, whatever it takes.
   *
   * @param target the API that it is for; null for the session's own
   * @param isAsked as for `renewOrAsk`
   * @throws {AuthError}; an `AccountMismatchError` while it is open whose page this is
   */
  ensure(minValidity: number, target: ApiTarget | null, isAsked: boolean): Promise<AccessToken>
  /** How often in a row there was no new token. */
  readonly failures: number
}

/** Keeps the session alive. Nothing of it signs the person out, but what a limit has ended is neither used nor renewed. */
export function createRenewal(
  context: ClientContext,
  visits: Pick<Visits, 'start'>,
  {
    beforeSending,
    compare,
    endIfOver,
  }: Pick<Restore, 'beforeSending' | 'compare'> & Pick<Limits, 'endIfOver'>,
): Renewal {
  const { vault, sessionSignal } = context
  const { clock } = context.browser
  const ask = createSignInAgain(context, visits)
  const silent = createSilentRenewal(context)
  const renew = async (target: ApiTarget | null): Promise<void> => {
    if (endIfOver()) throw notSignedIn()
    await silent.renew(target)
    compare()
  }
  /** A failed renewal says nothing of a session that has come since, or of the next person's. */
  const isStillThere = ({ epoch, account }: SessionTokens): boolean =>
    vault.current?.epoch === epoch && isSameAccount(vault.current.account, account)

  return {
    async renew(target = null) {
      await beforeSending()
      await renew(target)
    },
    async renewOrAsk(target, isAsked) {
      await beforeSending()
      const { current: old } = vault
      await renew(target).catch(async error => {
        if (!old || !isStillThere(old) || !isFinal(error)) throw error
        await ask(error, target, isAsked)
      })
    },
    ensure: async (minValidity, target, isAsked) => {
      const token = (): AccessToken | null => accessTokenFor(vault.current, target)
      await beforeSending()
      if (endIfOver()) throw notSignedIn()
      sessionSignal.throwIfUndecided()
      const { current: ofThisPerson } = sessionSignal
      const { current: old } = vault
      if (!old) throw noSession(context)
      if (!isValidFor(token(), minValidity, clock)) {
        await renew(target).catch(async error => {
          if (!isStillThere(old)) return
          if (isFinal(error)) await ask(error, target, isAsked)
          // What is still good is better than nothing.
          else if (isValidFor(token(), 0, clock)) return
          // No other way is left: then only the person can help.
          else if (isSilence(error)) await ask(error, target, isAsked)
          else throw error
        })
      }
      // What was asked for one person is not answered with the next one's.
      ofThisPerson.throwIfAborted()
      // The person may have signed in for another API's token, and that sign-in is good for this one too.
      if (vault.current && !isValidFor(token(), 0, clock)) await renew(target)
      ofThisPerson.throwIfAborted()
      const obtained = token()
      if (!isValidFor(obtained, 0, clock)) throw noSession(context)
      return obtained
    },
    get failures() {
      return silent.failures
    },
  }
}

/** Why there is no session: where it is unknown who is signed in, that is not the person's doing. */
function noSession({ machine }: ClientContext): AuthError {
  const { session } = machine.store.getState()
  return session.status === 'anonymous' && isUnknown(session) && session.error ? session.error : notSignedIn()
}
