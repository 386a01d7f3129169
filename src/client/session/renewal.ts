import { isSameAccount } from '../../core/account.ts'
import { type ApiTarget, targetKey } from '../../core/api-target.ts'
import {
  AccountMismatchError,
  type AuthError,
  AuthorizationResponseError,
  IdTokenError,
  InteractionRequiredError,
} from '../../core/errors.ts'
import { isUnknown } from '../../core/machine/state.ts'
import { type AccessToken, accessTokenFor, type SessionTokens } from '../../core/tokens.ts'
import { asAuthError } from '../../op/errors.ts'
import type { ClientContext } from '../context.ts'
import { notSignedIn } from '../not-signed-in.ts'
import type { Visits } from '../run-visits.ts'
import { isSilence } from './ask-op-for-tokens.ts'
import type { Limits } from './limits.ts'
import { type Obtained, obtainTokens } from './obtain-tokens.ts'
import type { Restore } from './restore-session.ts'
import { setUpFault } from './set-up-fault.ts'
import { createSignInAgain } from './sign-in-again.ts'
import { isValidFor } from './token-life.ts'
import { isSameLogin } from './vault.ts'

export interface Renewal {
  /**
   * Renews now; one at a time in this browser, one outcome for all callers.
   *
   * @param target the API whose access token is renewed. Default: the session's own
   * @throws {AuthError}
   */
  renew(target?: ApiTarget | null): Promise<void>
  /** Renews now, and asks the person to sign in again where only the person can help. @throws {AuthError} */
  renewOrAsk(): Promise<void>
  /**
   * An access token of the person on screen that is good for that many seconds more, whatever it takes.
   *
   * @param target the API that it is for; null for the session's own
   * @throws {AuthError}; an `AccountMismatchError` while it is open whose page this is
   */
  ensure(minValidity: number, target: ApiTarget | null): Promise<AccessToken>
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
  const { options, vault, sessionSignal, now } = context
  const askToSignInAgain = createSignInAgain(context, visits)
  const silent = createSilentRenewal(context)
  const renew = async (target: ApiTarget | null): Promise<void> => {
    if (endIfOver()) throw notSignedIn()
    await silent.renew(target)
    compare()
  }
  const compareAndRenew = async (target: ApiTarget | null = null): Promise<void> => {
    await beforeSending()
    return renew(target)
  }
  const ask = (error: unknown, target: ApiTarget | null): Promise<void> =>
    askToSignInAgain(error, target).catch(refused => {
      throw setUpFault(options, target, refused) ?? refused
    })

  return {
    renew: compareAndRenew,
    renewOrAsk: () =>
      compareAndRenew().catch(error => (isFinal(error) ? ask(error, null) : Promise.reject(error))),
    ensure: async (minValidity, target) => {
      const token = (): AccessToken | null => accessTokenFor(vault.current, target)
      await beforeSending()
      if (endIfOver()) throw notSignedIn()
      sessionSignal.throwIfUndecided()
      const { current: ofThisPerson } = sessionSignal
      if (!vault.current) throw noSession(context)
      if (!isValidFor(token(), minValidity, now())) {
        await renew(target).catch(async error => {
          if (isFinal(error)) await ask(error, target)
          // What is still good is better than nothing.
          else if (isValidFor(token(), 0, now())) return
          // No other way is left: then only the person can help.
          else if (isSilence(error)) await ask(error, target)
          else throw error
        })
      }
      // What was asked for one person is not answered with the next one's.
      ofThisPerson.throwIfAborted()
      // The person may have signed in for another API's token, and that sign-in is good for this one too.
      if (vault.current && !isValidFor(token(), 0, now())) await renew(target)
      ofThisPerson.throwIfAborted()
      const obtained = token()
      if (!isValidFor(obtained, 0, now())) throw noSession(context)
      return obtained
    },
    get failures() {
      return silent.failures
    },
  }
}

/** Renews without asking the person anything. */
function createSilentRenewal(context: ClientContext): Pick<Renewal, 'renew' | 'failures'> {
  const { vault, machine } = context
  const underWay = new Map<string, Promise<void>>()
  let failures = 0

  const renewOnce = async (target: ApiTarget | null): Promise<void> => {
    const old = vault.current
    if (!old) throw notSignedIn()
    try {
      await obtainTokens(context, old, target, obtained => {
        // Before the event: the timer hears of that, and reads this.
        if (isSameAccount(old.account, obtained.tokens.account)) failures = 0
        takeOver(context, obtained, old)
      })
    } catch (cause) {
      const error = asAuthError(cause)
      // Also with a refresh token that has been rotated meanwhile. An API that gives no token says nothing about the session.
      if (target === null && vault.current && isSameLogin(vault.current, old)) {
        failures++
        machine.dispatch({ type: 'renewal.failed', error, final: isFinal(error) })
      }
      throw error
    }
  }

  /** One after the other: a renewal that waits too long for the browser's lock takes it from the one before. */
  const inTurn = async (target: ApiTarget | null): Promise<void> => {
    const before = [...underWay.values()]
    if (before.length === 0) return renewOnce(target)
    await Promise.allSettled(before)
    if (vault.current) return renewOnce(target)
  }

  return {
    renew: (target = null) => {
      const key = target ? targetKey(target) : ''
      const running = underWay.get(key) ?? inTurn(target).finally(() => underWay.delete(key))
      underWay.set(key, running)
      return running
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
