import { loginHintOf } from '../../core/account.ts'
import type { ApiTarget } from '../../core/api-target.ts'
import { defined } from '../../core/defined.ts'
import { InteractionRequiredError } from '../../core/errors.ts'
import { signInFor } from '../api-targets.ts'
import type { ClientContext } from '../context.ts'
import { notSignedIn } from '../not-signed-in.ts'
import type { Visits } from '../run-visits.ts'
import { setUpFault } from './set-up-fault.ts'

/**
 * The prompt that asks the person to sign in again, or to consent, when the OP answers no renewal without them. All
 * callers that wait for a token wait for the one answer.
 *
 * @returns what asks, and brings the token for an API where one is named. It settles when the person has answered, and
 * throws a {ConfigurationError} where the OP gives no token for that API as it is set up
 */
export function createSignInAgain(
  { browser, machine, op, options }: ClientContext,
  visits: Pick<Visits, 'start'>,
): (error: unknown, target: ApiTarget | null) => Promise<void> {
  let underWay: Promise<void> | null = null

  const ask = async (error: unknown, target: ApiTarget | null): Promise<void> => {
    const { session } = machine.store.getState()
    if (session.status !== 'authenticated') throw notSignedIn()
    const { account } = session
    const loginHint = loginHintOf(account)
    const isConsent = error instanceof InteractionRequiredError && error.error === 'consent_required'
    const visit = visits.start({
      goal: { kind: isConsent ? 'consent_required' : 'session_ended', account },
      request: async () => {
        const values = isConsent ? await op.promptValues() : []
        const asks = isConsent && values?.includes('consent') !== false
        return {
          ...defined({ kind: 'sign_in' as const, loginHint, prompt: asks ? 'consent' : undefined }),
          ...signInFor(options, target),
        }
      },
      returnTo: browser.page.href,
      purpose: { kind: 'sign_in' },
    })
    // Of the API that was asked for, whatever the callers who joined want.
    await visit.catch(refused => {
      throw setUpFault(options, target, refused) ?? refused
    })
  }

  return (error, target) => {
    underWay ??= ask(error, target).finally(() => {
      underWay = null
    })
    return underWay
  }
}
