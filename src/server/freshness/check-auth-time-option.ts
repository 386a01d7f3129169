import { ConfigurationError } from '../../core/errors.ts'

/**
 * Checks an `auth_time` that the backend gives.
 *
 * @param name the name that the error gives it
 * @param latest the latest time that is allowed, in epoch seconds
 * @throws {ConfigurationError} unless it is absent, or whole epoch seconds of the past
 */
export function checkAuthTime(name: string, authTime: unknown, latest: number): void {
  if (authTime === undefined) return
  if (!Number.isSafeInteger(authTime) || !((authTime as number) <= latest)) {
    throw new ConfigurationError(`${name} must be whole epoch seconds of the past (not milliseconds)`)
  }
}
