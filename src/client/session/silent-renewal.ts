import { isSameAccount } from '../../core/account.ts'
import { type ApiTarget, targetKey } from '../../core/api-target.ts'
import {
  AccountMismatchError,
  AuthorizationResponseError,
  IdTokenError,
  InteractionRequiredError,
} from '../../core/errors.ts'
import type { SessionTokens } from '../../core/tokens.ts'
import { asAuthError } from '../../op/errors.ts'
import type { ClientContext } from '../context.ts'
import { notSignedIn } from '../not-signed-in.ts'
import { type Obtained, obtainTokens } from './obtain-tokens.ts'
import { isSameLogin } from './vault.ts'

/** Renews without asking the person anything. */
export interface SilentRenewal {
  /** Callers that want the same token get one outcome. @throws {AuthError} */
  renew(target: ApiTarget | null): Promise<void>
  /** How often in a row there was no new token. */
  readonly failures: number
}

export function createSilentRenewal(context: ClientContext): SilentRenewal {
  const { vault, machine } = context
  const underWay = new Map<string, Promise<void>>()
  let failures = 0

  const renewOnce = async (target: ApiTarget | null): Promise<void> => {
    const old = vault.current
    if (!old) throw notSignedIn()
    if (target === null) context.recorder.began('renewal')
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
    renew: target => {
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

/** Asking again would not help: only the person can. */
export function isFinal(error: unknown): boolean {
  if (error instanceof InteractionRequiredError || error instanceof IdTokenError) return true
  return (
    error instanceof AuthorizationResponseError &&
    ['invalid_grant', 'access_denied', 'unmet_authentication_requirements'].includes(error.error)
  )
}
