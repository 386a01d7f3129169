import type { TokenOrigin } from '../../core/machine/interaction.ts'
import type { SignedIn, TokenSet } from '../../core/tokens.ts'
import { type BrowserKeys, tabStorage } from '../browser.ts'
import { ownTokens } from '../tabs/own-tab.ts'
import type { ReadTokens } from './read-handed-over-tokens.ts'

/**
 * The tokens: in this closure and nowhere else, but for `storage: 'session'`. Those of an unfinished interaction wait
 * under its id until the state machine says whether they become the session's.
 */
export interface Vault {
  readonly current: TokenSet | null
  /** What sessionStorage kept over a reload; in a copy of a tab that is alone, without the refresh token. */
  recall(): Promise<TokenSet | null>
  /** Lets tokens wait, under a new id or under an interaction's. Gives what an event may tell the state of them. */
  keep(tokens: TokenSet, origin: TokenOrigin, id?: string): WaitingSession
  install(id: string): void
  discard(id: string): void
  /** The session's tokens go, those that wait stay. */
  dropSession(): void
  dropAll(): void
}

/** A session whose tokens wait in the vault under its id. It holds no token. */
export interface WaitingSession {
  readonly id: string
  readonly signedIn: SignedIn
  readonly origin: TokenOrigin
}

export interface VaultOptions {
  readonly keys: Pick<BrowserKeys, 'tokens' | 'tab'>
  /** `session` keeps the session's tokens in this tab's sessionStorage over a reload. */
  readonly storage: 'memory' | 'session'
  /** Whether this tab asks no other before it uses a refresh token. */
  readonly isAlone: boolean
  readonly readTokens: ReadTokens
  readonly disposed: AbortSignal
}

export function createVault({ keys, storage, isAlone, readTokens, disposed }: VaultOptions): Vault {
  const waiting = new Map<string, TokenSet>()
  let current: TokenSet | null = null
  const isKept = storage === 'session'
  const own = async (tokens: TokenSet): Promise<TokenSet> =>
    isAlone ? ownTokens(keys.tab, tokens, disposed) : tokens
  const dropSession = (): void => {
    current = null
    if (isKept) tabStorage.remove(keys.tokens)
  }
  return {
    get current() {
      return current
    },
    recall: async () => {
      const tokens = isKept ? readTokens(tabStorage.read(keys.tokens)) : null
      return tokens && own(tokens)
    },
    keep: (tokens, origin, id = crypto.randomUUID()) => {
      waiting.set(id, tokens)
      const { account, claims, accessTokenExpiresAt } = tokens
      return { id, signedIn: { account, claims, accessTokenExpiresAt }, origin }
    },
    install: id => {
      current = waiting.get(id) ?? null
      waiting.delete(id)
      if (!isKept || !current) return
      tabStorage.write(keys.tokens, current)
      // With the first tokens this tab is claimed.
      own(current).catch(() => {})
    },
    discard: id => void waiting.delete(id),
    dropSession,
    dropAll: () => {
      waiting.clear()
      dropSession()
    },
  }
}

/** Whether tokens are later than those a tab has, or another person's. */
export function isNewerOrOtherPerson(tokens: TokenSet, current: TokenSet): boolean {
  return tokens.account.sub !== current.account.sub || tokens.receivedAt > current.receivedAt
}

/** Whether the access token is good for that many seconds more. */
export function isValidFor(tokens: TokenSet | null, seconds: number, now: number): tokens is TokenSet {
  return (
    tokens !== null && (tokens.accessTokenExpiresAt === null || tokens.accessTokenExpiresAt - now > seconds)
  )
}
