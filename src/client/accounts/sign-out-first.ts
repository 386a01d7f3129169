import { defined } from '../../core/defined.ts'
import { type AnyAuthError, ConfigurationError } from '../../core/errors.ts'
import { resolveReturnTo } from '../../core/return-to.ts'
import type { AuthorizationRequest } from '../../core/tokens.ts'
import { asAuthError } from '../../op/errors.ts'
import type { ClientContext } from '../context.ts'
import { leavePage } from '../leave-page.ts'
import { notSignedIn } from '../not-signed-in.ts'
import type { Visits } from '../run-visits.ts'
import { completeRequest } from '../session/complete-request.ts'
import type { SignIn } from '../session/sign-in.ts'
import { type SignOut, watchForSignIn } from '../session/sign-out.ts'

/**
 * Lets another person sign in. Where the OP lets only the person of its session do that (`accountSelection: 'sign_out'`),
 * a prompt says that the session ends first; then the page leaves for the OP's sign-out page, and goes on from there to
 * the sign-in.
 */
export function createSwitchPerson(
  context: ClientContext,
  visits: Pick<Visits, 'start'>,
  signIn: SignIn,
  closeSession: SignOut['closeSession'],
): SignIn {
  const { options, op, vault } = context
  const { page } = context.browser

  const leave = async (
    request: AuthorizationRequest,
    returnTo: string,
    stopped: AbortSignal,
  ): Promise<void> => {
    if (!vault.current) throw notSignedIn()
    const { idToken } = vault.current
    // What is set up wrongly is said while the session is still there.
    await op.begin(completeRequest(request, options))
    const visit = await op.beginSignOut(idToken)
    // The visit was given up meanwhile, so the session goes on.
    if (stopped.aborted) return
    if (!visit)
      throw new ConfigurationError(
        `The provider (${options.profile.name}) lists no page to sign out at, so no other person can sign in: say where it is with \`signOut\` in its profile`,
      )
    const closed = closeSession('signed_out')
    const isOvertaken = watchForSignIn(context)
    await closed
    if (isOvertaken()) return
    const purpose = { kind: 'switch_account', request } as const
    await leavePage(context, visit, { returnTo, transaction: null, purpose })
  }

  const signOutFirst: SignIn = async ({ returnTo = page.href, signal, ...others }, extraRequest) => {
    if (!vault.current) throw notSignedIn()
    const target = resolveReturnTo(returnTo, page.origin)
    const { account } = await visits.start({
      goal: { kind: 'switch_account', account: vault.current.account },
      ladder: ['redirect'],
      request: async () => {
        // Without a session, the OP asks by itself.
        const { prompt, ...request } = { ...defined(others), ...(await extraRequest?.()) }
        return { kind: 'switch_account', ...request }
      },
      leave: (request, stopped) => leave(request, target, stopped),
      returnTo: target,
      purpose: { kind: 'sign_out' },
      signal,
    })
    return account
  }

  return (options, extraRequest) => {
    const isPinned = context.options.profile.accountSelection === 'sign_out' && vault.current !== null
    return isPinned ? signOutFirst(options, extraRequest) : signIn(options, extraRequest)
  }
}

/**
 * Goes on from the OP's sign-out page to the sign-in that the person wanted. Settles only if the page stays.
 *
 * @returns why it did, if something failed
 */
export async function signInAfterSignOut(
  context: ClientContext,
  request: AuthorizationRequest,
): Promise<AnyAuthError | undefined> {
  try {
    const transaction = await context.op.begin(request)
    context.log({ type: 'redirect.started' })
    const purpose = { kind: 'sign_in' } as const
    await leavePage(context, transaction, { returnTo: context.browser.page.href, transaction, purpose })
    return undefined
  } catch (cause) {
    return asAuthError(cause)
  }
}
