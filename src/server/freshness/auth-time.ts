import { ConfigurationError } from '../../core/errors.ts'

/**
 * Checks an `auth_time` that the backend gives.
 *
 * @param name what the error calls it
 * @param latest epoch seconds: no login is later
 * @throws {ConfigurationError} unless it is absent, or whole epoch seconds of the past
 */
export function checkAuthTime(name: string, authTime: unknown, latest: number): void {
  if (authTime === undefined) return
  if (!Number.isSafeInteger(authTime) || !((authTime as number) <= latest)) {
    throw new ConfigurationError(`${name} must be epoch seconds of the past, whole, not milliseconds`)
  }
}
