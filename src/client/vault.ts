import type { TokenSet } from '../core/ports.ts'
import type { SignedIn } from '../core/state.ts'

/**
 * The tokens: in this closure and nowhere else. Those of an unfinished interaction wait under its id until the state
 * machine says whether they become the session's.
 */
export interface Vault {
  readonly current: TokenSet | null
  put(id: string, tokens: TokenSet): void
  install(id: string): void
  discard(id: string): void
  clear(): void
}

export function createVault(): Vault {
  const waiting = new Map<string, TokenSet>()
  let current: TokenSet | null = null
  return {
    get current() {
      return current
    },
    put: (id, tokens) => void waiting.set(id, tokens),
    install: id => {
      current = waiting.get(id) ?? null
      waiting.delete(id)
    },
    discard: id => void waiting.delete(id),
    clear: () => {
      waiting.clear()
      current = null
    },
  }
}

/** What the state may know of a set of tokens. */
export function signedIn({ account, claims, accessTokenExpiresAt }: TokenSet): SignedIn {
  return { account, claims, accessTokenExpiresAt }
}
