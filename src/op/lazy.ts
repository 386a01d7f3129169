import { isAuthError, NetworkError } from '../core/errors.ts'
import { once } from './once.ts'

/**
 * A part of afresh that is loaded when it is first needed, and then kept. Calls that come together load it once. A
 * failure is not kept: the next call tries again.
 *
 * @param load an `import()`, and what is made of it
 * @throws {NetworkError} when it cannot be loaded, as by a page whose app has been replaced on the server since
 */
export function lazy<T>(load: () => Promise<T>): () => Promise<T> {
  return once(() =>
    load().catch(cause => {
      if (isAuthError(cause)) throw cause
      throw new NetworkError('A part of afresh could not be loaded: try again, or reload the page', { cause })
    }),
  )
}
