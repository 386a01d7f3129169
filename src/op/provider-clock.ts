import { decodeIdToken } from '../core/claims.ts'
import { IdTokenError } from '../core/errors.ts'
import type { Clock } from '../core/tokens.ts'

/**
 * The OP's clock, as far as it is known here: this device's, until that turns out to be wrong. It is for what the OP has
 * written or reads (`iat`, `exp`, `nbf`, `auth_time`). What this device times itself, such as how long an access token
 * lives, goes by its own clock. The correction spares a person with a wrong clock a refusal, and nothing more: a backend
 * judges by its own clock.
 */
export interface ProviderClock {
  readonly now: Clock
  /** The time at the OP, in epoch seconds, at a time of this device's clock. */
  at(deviceTime: number): number
  /**
   * Reads tokens by the OP's clock. When a time in the ID Token is refused, this device's clock is compared with a
   * server's, and the tokens are read once more by that. The difference is kept only if they pass then.
   *
   * @param read reads them, by the OP's time in epoch seconds
   * @throws what `read` throws; for a time, an {IdTokenError} with `clockAhead`
   */
  check<T>(idToken: unknown, read: (now: number) => Promise<T>): Promise<T>
}

/**
 * @param measure the seconds by which the device's clock is ahead of a server's, or null. It never rejects
 * @param iatLag seconds by which the OP dates `iat` back
 */
export function createProviderClock(
  deviceClock: Clock,
  measure: () => Promise<number | null>,
  iatLag = 0,
): ProviderClock {
  let ahead = 0
  const at = (deviceTime: number): number => deviceTime - ahead
  const now: Clock = () => at(deviceClock())

  const checkBy = async <T>(measured: number, read: (now: number) => Promise<T>): Promise<T> => {
    try {
      const tokens = await read(deviceClock() - measured)
      ahead = measured
      return tokens
    } catch (error) {
      throw isAboutTime(error) ? named(error, measured) : error
    }
  }

  return {
    now,
    at,
    check: async (idToken, read) => {
      try {
        return await read(now())
      } catch (error) {
        if (!isAboutTime(error)) throw error
        const measured = await measure()
        if (measured !== null) return checkBy(measured, read)
        // A token that has just been issued tells the time too, but it cannot vouch for itself.
        throw named(error, deviceClock() - (decodeIdToken(idToken).claims.iat + iatLag))
      }
    },
  }
}

function named({ claim, reason }: IdTokenError, clockAhead: number): IdTokenError {
  return new IdTokenError(claim, reason, clockAhead)
}

/** Whether a token was refused for a time that another clock may accept. */
function isAboutTime(error: unknown): error is IdTokenError {
  return error instanceof IdTokenError && (error.reason === 'future' || error.reason === 'expired')
}
