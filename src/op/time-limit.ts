import { AuthTimeoutError } from '../core/errors.ts'
import { asAuthError } from './errors.ts'

/** The promise's outcome, or an `AuthTimeoutError` after so many seconds. @param who is named in the error */
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

/** The outcome of what asks the OP something, within so many seconds; an error is one of ours. */
export async function askOp<T>(seconds: number, work: () => Promise<T>): Promise<T> {
  try {
    return await withTimeLimit(seconds, 'The OpenID Provider', work())
  } catch (cause) {
    throw asAuthError(cause)
  }
}
