/** A listener of the app's that may throw or reject, and changes no answer by that. */
export function quiet<Value>(listener: (value: Value) => unknown): (value: Value) => void {
  return value => {
    try {
      Promise.resolve(listener(value)).catch(() => {})
    } catch {
      // There is no other place to report it.
    }
  }
}
