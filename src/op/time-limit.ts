import { AuthTimeoutError } from '../core/errors.ts'

/** The promise's outcome, or an `AuthTimeoutError` after so many seconds. */
export function withTimeLimit<T>(seconds: number, who: string, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout>
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new AuthTimeoutError(`${who} did not answer in ${seconds} s`)),
      seconds * 1000,
    )
  })
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer))
}
