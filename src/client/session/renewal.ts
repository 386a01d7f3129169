import { isSameAccount } from '../../core/account.ts'
import {
  AccountMismatchError,
  AuthorizationResponseError,
  InteractionRequiredError,
} from '../../core/errors.ts'
import type { TokenSet } from '../../core/tokens.ts'
import { asAuthError } from '../../op/errors.ts'
import type { ClientContext } from '../context.ts'
import { notSignedIn } from '../not-signed-in.ts'
import type { Visits } from '../run-visits.ts'
import { type Obtained, obtainTokens } from './obtain-tokens.ts'
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
  ensure(minValidity: number): Promise<TokenSet>
  /** How often in a row there was no new token. */
  readonly failures: number
}

/** Keeps the session alive. Nothing of it signs the person out. */
export function createRenewal(context: ClientContext, visits: Pick<Visits, 'start'>): Renewal {
  const { vault, sessionSignal, now } = context
  const askToSignInAgain = createSignInAgain(context, visits)
  const silent = createSilentRenewal(context)
  const { renew } = silent

  return {
    renew,
    renewOrAsk: () =>
      renew().catch(error => (isFinal(error) ? askToSignInAgain(error) : Promise.reject(error))),
    ensure: async minValidity => {
      sessionSignal.throwIfUndecided()
      if (!isValidFor(vault.current, minValidity, now())) {
        await renew().catch(async error => {
          if (isFinal(error)) await askToSignInAgain(error)
          // What is still good is better than nothing.
          else if (!isValidFor(vault.current, 0, now())) throw error
        })
      }
      if (!isValidFor(vault.current, 0, now())) throw notSignedIn()
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
      const obtained = await obtainTokens(context, old)
      // The person signed out, or signed in anew, while the OP was thinking.
      if (!obtained || vault.current !== old) return
      // Before the event: the timer hears of that, and reads this.
      if (isSameAccount(old.account, obtained.tokens.account)) failures = 0
      takeOver(context, obtained, old)
    } catch (cause) {
      const error = asAuthError(cause)
      if (vault.current === old) {
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
  { tokens, origin }: Obtained,
  old: TokenSet,
): void {
  const kept = vault.keep(tokens, origin)
  if (isSameAccount(old.account, tokens.account)) {
    dispatch({ type: 'session.renewed', ...kept })
  } else if (origin === 'tab') {
    dispatch({ type: 'session.adopted', ...kept })
    throw new AccountMismatchError('Another person has signed in in another tab')
  } else {
    dispatch({ type: 'session.mismatched', expected: old.account, ...kept })
    throw new AccountMismatchError('The OpenID Provider renewed the session of another person')
  }
}

/** Asking again would not help: only the person can. */
function isFinal(error: unknown): boolean {
  if (error instanceof InteractionRequiredError) return true
  return (
    error instanceof AuthorizationResponseError &&
    ['invalid_grant', 'access_denied', 'unmet_authentication_requirements'].includes(error.error)
  )
}
