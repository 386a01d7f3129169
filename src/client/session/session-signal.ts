import { AccountMismatchError } from '../../core/errors.ts'
import { switchOf } from '../../core/machine/account-switch.ts'
import type { Machine } from '../run-machine.ts'

/** Whether this page still acts for the person that it shows. */
export interface SessionSignal {
  /** Aborted when the session becomes another person's. */
  readonly current: AbortSignal
  /**
   * Throws when the page does not know whose it is: while a switch of accounts is under way, and when another person
   * signed in in another tab, and the question about it is not answered. A question that was put off comes up again then.
   *
   * @throws {AccountMismatchError}
   */
  throwIfUndecided(): void
  /** The session is a person's again. */
  begin(): void
  /** Requests under way for the former person are given up. */
  end(): void
}

export function createSessionSignal({ store, dispatch }: Machine): SessionSignal {
  let controller = new AbortController()
  const begin = (): void => {
    if (controller.signal.aborted) controller = new AbortController()
  }
  // Unless it asks whose it is, a page of no person acts for no person, however the session ended.
  store.subscribe(state => {
    const isAsking = state.interactions.some(({ type }) => type === 'account_question')
    if (state.session.status === 'anonymous' && !isAsking && !switchOf(state)) begin()
  })
  return {
    get current() {
      return controller.signal
    },
    throwIfUndecided: () => {
      if (controller.signal.aborted) dispatch({ type: 'account_question.due' })
      controller.signal.throwIfAborted()
    },
    begin,
    end: () => controller.abort(new AccountMismatchError('Another person has signed in')),
  }
}
