import type { TokenSet } from '../core/ports.ts'
import type { SignedIn } from '../core/state.ts'
import { keep, recall, take } from '../op/storage.ts'

/** Begins the id of tokens that another tab, or this tab's storage, handed over: no news to the other tabs. */
export const adopted = 'adopted:'

/** Where a tab remembers that it asked the OP by a full-page redirect. */
export const askedKey = 'afresh:asked:'

/**
 * The tokens: in this closure and nowhere else. Those of an unfinished interaction wait under its id until the state
 * machine says whether they become the session's.
 */
export interface Vault {
  readonly current: TokenSet | null
  /** What sessionStorage kept over a reload. */
  recall(): TokenSet | null
  put(id: string, tokens: TokenSet): void
  install(id: string): void
  discard(id: string): void
  clear(): void
}

/**
 * @param storageKey where this tab's sessionStorage keeps the session's tokens over a reload; null keeps them in
 * memory only
 */
export function createVault(storageKey: string | null): Vault {
  const waiting = new Map<string, TokenSet>()
  let current: TokenSet | null = null
  return {
    get current() {
      return current
    },
    recall: () => (storageKey ? recall<TokenSet>(storageKey) : null),
    put: (id, tokens) => void waiting.set(id, tokens),
    install: id => {
      current = waiting.get(id) ?? null
      waiting.delete(id)
      if (storageKey && current) keep(storageKey, current)
    },
    discard: id => void waiting.delete(id),
    clear: () => {
      waiting.clear()
      current = null
      if (storageKey) take(storageKey)
    },
  }
}

/** What the state may know of a set of tokens. */
export function signedIn({ account, claims, accessTokenExpiresAt }: TokenSet): SignedIn {
  return { account, claims, accessTokenExpiresAt }
}

/** Whether tokens say something new beside those a tab has: another person, or the same one later. */
export function isNews(tokens: TokenSet, current: TokenSet): boolean {
  const later = (tokens.accessTokenExpiresAt ?? 0) > (current.accessTokenExpiresAt ?? 0)
  return tokens.account.sub !== current.account.sub || later || tokens.claims.iat > current.claims.iat
}

/** Whether the access token is good for that many seconds more. */
export function lasts(tokens: TokenSet | null, seconds: number, now: number): tokens is TokenSet {
  return (
    tokens !== null && (tokens.accessTokenExpiresAt === null || tokens.accessTokenExpiresAt - now > seconds)
  )
}
