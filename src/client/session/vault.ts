import type { SignedIn } from '../../core/machine/state.ts'
import type { TokenSet } from '../../core/tokens.ts'
import { keep, recall, take } from '../../op/storage.ts'
import type { ReadTokens } from './handed-over.ts'

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
  /** What sessionStorage kept over a reload; in a copy of a tab that is alone, without the refresh token. */
  recall(): Promise<TokenSet | null>
  /** Lets tokens wait under this id. Gives what the state may know of them. */
  put(id: string, tokens: TokenSet): SignedIn
  install(id: string): void
  discard(id: string): void
  /** The session's go, those that wait stay. */
  leave(): void
  clear(): void
}

/**
 * @param storageKey where this tab's sessionStorage keeps the session's tokens over a reload; null keeps them in
 * memory only
 * @param alone whether this tab asks no other before it uses a refresh token
 */
export function createVault(
  storageKey: string | null,
  alone: boolean,
  readTokens: ReadTokens,
  disposed: AbortSignal,
): Vault {
  const waiting = new Map<string, TokenSet>()
  let current: TokenSet | null = null
  const own = async (tokens: TokenSet | null): Promise<TokenSet | null> =>
    alone && tokens ? (await import('../tabs/own-tab.ts')).ownTokens(storageKey, tokens, disposed) : tokens
  const leave = (): void => {
    current = null
    if (storageKey) take(storageKey)
  }
  return {
    get current() {
      return current
    },
    recall: async () => (storageKey ? own(readTokens(recall(storageKey))) : null),
    put: (id, tokens) => {
      waiting.set(id, tokens)
      const { account, claims, accessTokenExpiresAt } = tokens
      return { account, claims, accessTokenExpiresAt }
    },
    install: id => {
      current = waiting.get(id) ?? null
      waiting.delete(id)
      if (!storageKey || !current) return
      keep(storageKey, current)
      own(current).catch(() => {})
    },
    discard: id => void waiting.delete(id),
    leave,
    clear: () => {
      waiting.clear()
      leave()
    },
  }
}

/** Whether tokens are later than those a tab has, or another person's. */
export function isNews(tokens: TokenSet, current: TokenSet): boolean {
  return tokens.account.sub !== current.account.sub || tokens.receivedAt > current.receivedAt
}

/** Whether the access token is good for that many seconds more. */
export function lasts(tokens: TokenSet | null, seconds: number, now: number): tokens is TokenSet {
  return (
    tokens !== null && (tokens.accessTokenExpiresAt === null || tokens.accessTokenExpiresAt - now > seconds)
  )
}
