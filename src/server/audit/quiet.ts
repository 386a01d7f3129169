/**
 * A listener of the app's that may throw or reject, and changes no answer by that.
 *
 * @param onFailure is told why. Default: nothing, for the listener that is told of failures itself
 */
export function quiet<Value>(
  listener: (value: Value) => unknown,
  onFailure: (cause: unknown) => void = () => {},
): (value: Value) => void {
  return value => {
    try {
      Promise.resolve(listener(value)).catch(onFailure)
    } catch (cause) {
      onFailure(cause)
    }
  }
}
