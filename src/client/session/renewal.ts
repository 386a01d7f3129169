import { isSameAccount } from '../../core/account.ts'
import {
  AccountMismatchError,
  type AuthError,
  AuthorizationResponseError,
  IdTokenError,
  InteractionRequiredError,
} from '../../core/errors.ts'
import { isUnknown } from '../../core/machine/state.ts'
import type { SessionTokens } from '../../core/tokens.ts'
import { asAuthError } from '../../op/errors.ts'
import type { ClientContext } from '../context.ts'
import { notSignedIn } from '../not-signed-in.ts'
import type { Visits } from '../run-visits.ts'
import type { Limits } from './limits.ts'
import { isSilence, type Obtained, obtainTokens } from './obtain-tokens.ts'
import type { Restore } from './restore-session.ts'
import { createSignInAgain } from './sign-in-again.ts'
import { isValidFor } from './vault.ts'

export interface Renewal {
  /** Renews now; one at a time in this browser, one outcome for all callers. @throws {AuthError} */
  renew(): Promise<void>
  /** Renews now, and asks the person to sign in again where only the person can help. @throws {AuthError} */
  renewOrAsk(): Promise<void>
  /**
   * Tokens of the person on screen that are good for that many seconds more, whatever it takes.
   *
   * @throws {AuthError}; an `AccountMismatchError` while it is open whose page this is
   */
  ensure(minValidity: number): Promise<SessionTokens>
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
  const { vault, sessionSignal, now } = context
  const askToSignInAgain = createSignInAgain(context, visits)
  const silent = createSilentRenewal(context)
  const renew = async (): Promise<void> => {
    if (endIfOver()) throw notSignedIn()
    await silent.renew()
    compare()
  }
  const compareAndRenew = async (): Promise<void> => {
    await beforeSending()
    return renew()
  }

  return {
    renew: compareAndRenew,
    renewOrAsk: () =>
      compareAndRenew().catch(error => (isFinal(error) ? askToSignInAgain(error) : Promise.reject(error))),
    ensure: async minValidity => {
      await beforeSending()
      if (endIfOver()) throw notSignedIn()
      sessionSignal.throwIfUndecided()
      const { current: ofThisPerson } = sessionSignal
      if (!vault.current) throw noSession(context)
      if (!isValidFor(vault.current, minValidity, now())) {
        await renew().catch(async error => {
          if (isFinal(error)) await askToSignInAgain(error)
          // What is still good is better than nothing.
          else if (isValidFor(vault.current, 0, now())) return
          // No other way is left: then only the person can help.
          else if (isSilence(error)) await askToSignInAgain(error)
          else throw error
        })
      }
      // What was asked for one person is not answered with the next one's.
      ofThisPerson.throwIfAborted()
      if (!isValidFor(vault.current, 0, now())) throw noSession(context)
      return vault.current
    },
    get failures() {
      return silent.failures
    },
  }
}

/** Renews without asking the person anything. */
function createSilentRenewal(context: ClientContext): Pick<Renewal, 'renew' | 'failures'> {
  const { vault, machine } = context
  let underWay: Promise<void> | null = null
  let failures = 0

  const renewOnce = async (): Promise<void> => {
    const old = vault.current
    if (!old) throw notSignedIn()
    try {
      await obtainTokens(context, old, obtained => {
        // Before the event: the timer hears of that, and reads this.
        if (isSameAccount(old.account, obtained.tokens.account)) failures = 0
        takeOver(context, obtained, old)
      })
    } catch (cause) {
      const error = asAuthError(cause)
      // Also with a refresh token that has been rotated meanwhile.
      if (vault.current?.accessToken === old.accessToken) {
        failures++
        machine.dispatch({ type: 'renewal.failed', error, final: isFinal(error) })
      }
      throw error
    }
  }

  return {
    renew: () => {
      underWay ??= renewOnce().finally(() => {
        underWay = null
      })
      return underWay
    },
    get failures() {
      return failures
    },
  }
}

/** Makes tokens the session's, or asks about them where they are another person's. @throws {AccountMismatchError} */
function takeOver(
  { vault, machine: { dispatch } }: ClientContext,
  obtained: Obtained,
  old: SessionTokens,
): void {
  const kept =
    obtained.origin === 'tab' ? vault.keepFound(obtained.tokens, 'tab') : vault.keep(obtained.tokens, 'op')
  if (isSameAccount(old.account, obtained.tokens.account)) {
    dispatch({ type: 'session.renewed', ...kept })
  } else if (obtained.origin === 'tab') {
    dispatch({ type: 'session.adopted', ...kept })
    throw new AccountMismatchError('Another person has signed in in another tab')
  } else {
    dispatch({ type: 'session.mismatched', expected: old.account, ...kept })
    throw new AccountMismatchError('The OpenID Provider renewed the session of another person')
  }
}

/** Why there is no session: where it is unknown who is signed in, that is not the person's doing. */
function noSession({ machine }: ClientContext): AuthError {
  const { session } = machine.store.getState()
  return session.status === 'anonymous' && isUnknown(session) && session.error ? session.error : notSignedIn()
}

/** Asking again would not help: only the person can. */
function isFinal(error: unknown): boolean {
  if (error instanceof InteractionRequiredError || error instanceof IdTokenError) return true
  return (
    error instanceof AuthorizationResponseError &&
    ['invalid_grant', 'access_denied', 'unmet_authentication_requirements'].includes(error.error)
  )
}
