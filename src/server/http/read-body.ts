import { ConfigurationError } from '../../core/errors.ts'
import type { TimeLimit } from './limits.ts'
import { readText } from './read-text.ts'

/** The longest body that is read, in bytes. */
const maxBytes = 16 * 1024

/**
 * Reads the body of a request to a guard as text: 16 KiB at most, which must arrive in time.
 *
 * @throws {ConfigurationError} when the body was read before
 * @throws what `tooLarge` makes for a longer body; what `readText` throws otherwise
 */
export async function readBody(request: Request, tooLarge: () => Error, inTime: TimeLimit): Promise<string> {
  if (request.bodyUsed) {
    throw new ConfigurationError(
      'The guard got a request whose body was read before: give it the request first, or a clone that was made before',
    )
  }
  const length = request.headers.get('Content-Length')
  if (length !== null && !(Number(length) <= maxBytes)) throw tooLarge()
  return readText(request.body, maxBytes, tooLarge, inTime)
}
