import { NetworkError } from '../core/errors.ts'
import { once } from '../op/once.ts'

/** Loads a part of this package at its first use; after a failure again at the next. @throws {NetworkError} */
export function lazy<T>(load: () => Promise<T>): () => Promise<T> {
  return once(() =>
    load().catch(() => {
      throw new NetworkError('A part of afresh could not be loaded: reload the page')
    }),
  )
}
