import { InteractionRequiredError } from '../core/errors.ts'

/** It was this client that found out, and not the OP. */
class NotSignedInError extends InteractionRequiredError {
  override readonly message: string

  constructor(message: string) {
    super('login_required')
    this.message = message
  }
}

/** What is thrown where a session is needed and there is none: an `InteractionRequiredError` with `login_required`. */
export function notSignedIn(message = 'No person is signed in'): InteractionRequiredError {
  return new NotSignedInError(message)
}
