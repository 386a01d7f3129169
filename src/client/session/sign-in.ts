import type { Account } from '../../core/account.ts'
import { defined } from '../../core/defined.ts'
import { resolveReturnTo } from '../../core/return-to.ts'
import type { AuthorizationRequest } from '../../core/tokens.ts'
import type { SignInOptions } from '../auth-client.ts'
import type { ClientContext } from '../context.ts'
import type { Visits } from '../run-visits.ts'

export type SignIn = (
  options: SignInOptions,
  extraRequest?: () => Promise<AuthorizationRequest>,
) => Promise<Account>

/** @returns what signs a person in; its second argument gives what else to ask of the OP, once the window is open */
export function createSignIn(
  { browser: { page } }: Pick<ClientContext, 'browser'>,
  visits: Pick<Visits, 'start'>,
): SignIn {
  return async ({ returnTo = page.href, signal, ...others }, extraRequest) => {
    const request: AuthorizationRequest = { ...defined(others), kind: 'sign_in' }
    const { account } = await visits.start({
      goal: { kind: 'sign_in' },
      request: extraRequest ? async () => ({ ...request, ...(await extraRequest()) }) : () => request,
      returnTo: resolveReturnTo(returnTo, page.origin),
      purpose: { kind: 'sign_in' },
      signal,
    })
    return account
  }
}
