import { loginHintOf } from '../../core/account.ts'
import type { ApiTarget } from '../../core/api-target.ts'
import { defined } from '../../core/defined.ts'
import { InteractionRequiredError } from '../../core/errors.ts'
import { signInFor } from '../api-targets.ts'
import type { ClientContext } from '../context.ts'
import { isDeclined } from '../is-declined.ts'
import { notSignedIn } from '../not-signed-in.ts'
import type { Visits } from '../run-visits.ts'
import { setUpFault } from './set-up-fault.ts'

/**
 * The prompt that asks the person to sign in again, or to consent, when the OP answers no renewal without them. All
 * callers that wait for a token wait for the one answer. A person who has declined is asked again for what they do next,
 * or when the OP has given new tokens since: an app that polls must not ask again and again.
 *
 * @returns what asks, and brings the token for an API where one is named. It settles when the person has answered, and
 * throws a {ConfigurationError} where the OP gives no token for that API as it is set up. Where the person is not asked,
 * it throws the error that it is given
 */
export function createSignInAgain(
  { browser, machine, op, options, vault }: ClientContext,
  visits: Pick<Visits, 'start'>,
): (error: unknown, target: ApiTarget | null, isAsked: boolean) => Promise<void> {
  let underWay: Promise<void> | null = null
  const declined = new Set<string>()
  /** What the person is asked for while the OP has given no others than these tokens: to sign in, or to consent. */
  const wishOf = (error: unknown): string => `${vault.current?.serial} ${isConsent(error)}`

  const ask = async (error: unknown, target: ApiTarget | null): Promise<void> => {
    const { session } = machine.store.getState()
    if (session.status !== 'authenticated') throw notSignedIn()
    const { account } = session
    const loginHint = loginHintOf(account)
    const wish = wishOf(error)
    const visit = visits.start({
      goal: { kind: isConsent(error) ? 'consent_required' : 'session_ended', account },
      request: async () => {
        const asks = isConsent(error) && (await op.promptValues())?.includes('consent') !== false
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
      if (isDeclined(refused)) declined.add(wish)
      throw setUpFault(options, target, refused) ?? refused
    })
  }

  return async (error, target, isAsked) => {
    if (!underWay && !isAsked && declined.has(wishOf(error))) throw error
    underWay ??= ask(error, target).finally(() => {
      underWay = null
    })
    return underWay
  }
}

const isConsent = (error: unknown): boolean =>
  error instanceof InteractionRequiredError && error.error === 'consent_required'
