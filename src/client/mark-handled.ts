/** Returns the same promise, with its rejection marked as handled: the state shows the error to those who do not await. */
export function markHandled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
