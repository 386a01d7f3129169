import { AccountMismatchError } from '../../core/errors.ts'
import type { Machine } from '../run-machine.ts'

/** Whether this page still acts for the person that it shows. */
export interface SessionSignal {
  /** Aborted when the session becomes another person's. */
  readonly current: AbortSignal
  /**
   * Throws when the page does not know whose it is: another person signed in in another tab, and the question about it
   * was put off. The question comes up again then.
   *
   * @throws {AccountMismatchError}
   */
  throwIfUndecided(): void
  /** The session is a person's again. */
  begin(): void
  /** Requests under way for the former person are given up. */
  end(): void
}

export function createSessionSignal(dispatch: Machine['dispatch']): SessionSignal {
  let controller = new AbortController()
  return {
    get current() {
      return controller.signal
    },
    throwIfUndecided: () => {
      if (controller.signal.aborted) dispatch({ type: 'account.doubted' })
      controller.signal.throwIfAborted()
    },
    begin: () => {
      if (controller.signal.aborted) controller = new AbortController()
    },
    end: () => controller.abort(new AccountMismatchError('Another person has signed in')),
  }
}
