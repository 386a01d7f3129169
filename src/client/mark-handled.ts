/** The promise as it is, but a rejection that the caller ignores is not reported: the state shows it too. */
export function markHandled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
