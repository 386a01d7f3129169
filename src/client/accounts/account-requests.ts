import { type Account, loginHintOf } from '../../core/account.ts'
import { defined } from '../../core/defined.ts'
import { ConfigurationError } from '../../core/errors.ts'
import type { AuthorizationRequest } from '../../core/tokens.ts'
import type { ClientContext } from '../context.ts'

/** Lets another person sign in: with the account `to`, or with one that the person chooses at the OP. */
export async function switchRequest(
  { op, options }: ClientContext,
  to: Account | undefined,
): Promise<AuthorizationRequest> {
  // An account that was chosen here needs no second choice there.
  if (to) return { kind: 'switch_account', prompt: 'login', ...defined({ loginHint: loginHintOf(to) }) }
  const { accountSelection } = options.profile
  const values = await op.promptValues()
  const known = values?.includes('select_account') ? 'select_account' : 'login'
  // After a sign-out it is not sent: see `createSwitchPerson`.
  const selection = accountSelection === 'sign_out' ? 'login' : (accountSelection ?? known)
  return { kind: 'switch_account', prompt: selection }
}

/** Shows the OP's login form, also where a person has a session there. */
export const addRequest: AuthorizationRequest = { kind: 'switch_account', prompt: 'login' }

/** The form for new people. @throws {ConfigurationError} where the OP is not known to have one */
export async function signUpRequest({ op, options }: ClientContext): Promise<AuthorizationRequest> {
  const { signUp, name } = options.profile
  if (signUp) return { kind: 'sign_up', ...signUp }
  if ((await op.promptValues())?.includes('create')) return { kind: 'sign_up', prompt: 'create' }
  throw new ConfigurationError(
    `The provider (${name}) does not list prompt "create": say how it signs people up with \`signUp\` in its profile`,
  )
}
