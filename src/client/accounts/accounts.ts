import type { Account } from '../../core/account.ts'
import { defined } from '../../core/defined.ts'
import { ConfigurationError } from '../../core/errors.ts'
import { type RememberedAccount, readRemembered, remember } from '../../core/remembered.ts'
import type { AuthorizationRequest } from '../../core/tokens.ts'
import type { ClientContext } from '../context.ts'

// Loaded when somebody switches or signs up, or when accounts are remembered.

/** Somebody else may sign in: the one who is named, or whoever the person chooses. */
export async function switchRequest(
  { op, options }: ClientContext,
  to: Account | undefined,
): Promise<AuthorizationRequest> {
  // Who has been chosen here needs no second choice there.
  if (to) return { prompt: 'login', ...defined({ loginHint: to.username ?? to.email }) }
  const { accountSelection } = options.profile
  const values = await op.promptValues()
  const knows = values?.includes('select_account') ? 'select_account' : 'login'
  return { prompt: accountSelection ?? knows }
}

/** The form for new people. @throws {ConfigurationError} where the OP is not known to have one */
export async function signUpRequest({ op, options }: ClientContext): Promise<AuthorizationRequest> {
  const { signUp, name } = options.profile
  if (signUp) return signUp
  if ((await op.promptValues())?.includes('create')) return { prompt: 'create' }
  throw new ConfigurationError(
    `The provider (${name}) does not list prompt "create": say how it signs people up with \`signUp\` in its profile`,
  )
}

export interface RememberedAccounts {
  /** Remembers whoever signs in, until the returned function is called. */
  watch(): () => void
  /** One, or all. */
  forget(account?: Account): void
}

/** In localStorage, for every tab. Where storage is forbidden nobody is remembered. */
export function createRemembered(context: ClientContext): RememberedAccounts {
  const { options, machine, now, name } = context
  const { issuer, rememberAccounts: limit } = options
  const key = `afresh:accounts:${name}`
  const read = (): readonly RememberedAccount[] => {
    try {
      return readRemembered(JSON.parse(localStorage.getItem(key) ?? 'null'), issuer, now(), limit)
    } catch {
      return []
    }
  }
  const show = (): void => machine.dispatch({ type: 'accounts.remembered', remembered: read() })
  const write = (remembered: readonly RememberedAccount[]): void => {
    try {
      if (remembered.length > 0) localStorage.setItem(key, JSON.stringify(remembered))
      else localStorage.removeItem(key)
    } catch {
      // Then nobody is remembered.
    }
    show()
  }

  return {
    watch: () => {
      const keep = (account: Account | null): void => {
        if (account) write(remember(read(), account, now(), limit))
      }
      const current = (state = machine.store.getState()): Account | null =>
        state.session.status === 'authenticated' ? state.session.account : null
      const unsubscribe = machine.store.subscribe((state, previous) => {
        if (current(state) !== current(previous)) keep(current(state))
      })
      const hear = (event: StorageEvent): void => {
        if (event.key === key || event.key === null) show()
      }
      addEventListener('storage', hear)
      show()
      keep(current())
      return () => {
        unsubscribe()
        removeEventListener('storage', hear)
      }
    },
    forget: account => write(account ? read().filter(({ sub }) => sub !== account.sub) : []),
  }
}
