import { isSameAccount } from '../../core/account.ts'
import type { TokenOrigin } from '../../core/machine/interaction.ts'
import type { SessionTokens, SignedIn, TokenSet } from '../../core/tokens.ts'
import type { Browser } from '../../op/browser.ts'
import { readValue, writeValue } from '../../op/guarded-storage.ts'
import type { BrowserKeys } from '../browser.ts'
import { ownTokens } from '../tabs/own-tab.ts'
import type { BrowserSession } from './browser-session.ts'
import { carryOver } from './carry-over.ts'
import type { ReadTokens } from './read-handed-over-tokens.ts'
import { continueLife, countLife } from './token-life.ts'

/**
 * The tokens: in this closure and nowhere else, but for `storage: 'session'`. Those of an unfinished interaction wait
 * under its id until the state machine says whether they become the session's.
 */
export interface Vault {
  readonly current: SessionTokens | null
  /**
   * What sessionStorage kept over a reload; in a copy of a tab that is alone, without the refresh token. What belongs to
   * a sign-in that is over is removed.
   */
  recall(): Promise<SessionTokens | null>
  /** Lets new tokens of the OP's wait, under a new id or under an interaction's. */
  keep(tokens: TokenSet, origin: 'sign_in' | 'op', id?: string): WaitingSession
  /** Lets tokens wait that this browser had already. */
  keepFound(tokens: SessionTokens, origin: 'tab' | 'storage'): WaitingSession
  install(id: string): void
  /** The session goes on with these tokens, of which nothing is shown that was not before. */
  replace(tokens: SessionTokens): void
  /** The OP has given another refresh token for the session's, and nothing else. Nothing if it has yet another one. */
  rotate(spent: string, refreshToken: string): void
  /** The session's tokens belong to the browser's epoch from now on. */
  joinEpoch(): void
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
  readonly browser: Pick<Browser, 'clock' | 'tabStorage' | 'locks'>
  readonly keys: Pick<BrowserKeys, 'tokens' | 'tab'>
  /** `session` keeps the session's tokens in this tab's sessionStorage over a reload. */
  readonly storage: 'memory' | 'session'
  readonly browserSession: Pick<BrowserSession, 'epoch' | 'status' | 'nextSerial'>
  /** Whether this tab asks no other before it uses a refresh token. */
  readonly isAlone: boolean
  readonly readTokens: ReadTokens
  readonly disposed: AbortSignal
}

export function createVault(options: VaultOptions): Vault {
  const { browser, keys, browserSession, isAlone, readTokens, disposed } = options
  const { clock, tabStorage } = browser
  const waiting = new Map<string, SessionTokens>()
  let current: SessionTokens | null = null
  const isKept = options.storage === 'session'
  const own = async (tokens: SessionTokens): Promise<SessionTokens> =>
    isAlone ? ownTokens(browser, keys.tab, tokens, disposed) : tokens
  const countLives = (tokens: SessionTokens): void => {
    for (const token of [tokens, ...Object.values(tokens.others ?? {})]) countLife(token, clock)
  }
  const wait = (arrived: SessionTokens, origin: TokenOrigin, id: string): WaitingSession => {
    const tokens = carryOver(arrived, current, clock)
    waiting.set(id, tokens)
    countLives(tokens)
    const { account, claims, accessTokenExpiresAt } = tokens
    return { id, signedIn: { account, claims, accessTokenExpiresAt }, origin }
  }
  const dropSession = (): void => {
    current = null
    tabStorage.remove(keys.tokens)
  }
  const keepInTab = (): void => {
    if (isKept && current) writeValue(tabStorage, keys.tokens, current)
  }
  const replace = (tokens: SessionTokens): void => {
    if (current?.accessToken === tokens.accessToken) continueLife(tokens, current)
    current = tokens
    countLives(tokens)
    keepInTab()
  }
  return {
    get current() {
      return current
    },
    recall: async () => {
      const tokens = isKept ? readTokens(readValue(tabStorage, keys.tokens)) : null
      if (tokens?.epoch === browserSession.epoch && browserSession.status === 'session') return own(tokens)
      tabStorage.remove(keys.tokens)
      return null
    },
    keep: (tokens, origin, id = crypto.randomUUID()) => {
      const { epoch } = browserSession
      return wait({ ...tokens, epoch, serial: browserSession.nextSerial() }, origin, id)
    },
    keepFound: (tokens, origin) => wait(tokens, origin, crypto.randomUUID()),
    install: id => {
      current = waiting.get(id) ?? null
      waiting.delete(id)
      keepInTab()
      // With the first tokens this tab is claimed.
      if (isKept && current) own(current).catch(() => {})
    },
    replace,
    rotate: (spent, refreshToken) => {
      if (current?.refreshToken !== spent) return
      replace({ ...current, refreshToken, serial: browserSession.nextSerial() })
    },
    joinEpoch: () => {
      const { epoch } = browserSession
      if (current && current.epoch !== epoch) replace({ ...current, epoch })
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
export function isNewerOrOtherPerson(tokens: SessionTokens, current: SessionTokens): boolean {
  if (tokens.epoch !== current.epoch) return tokens.epoch > current.epoch
  return !isSameAccount(tokens.account, current.account) || tokens.serial > current.serial
}

/** Whether two are one sign-in's, and what is shown of them is the same. */
export function isSameLogin(a: SessionTokens, b: SessionTokens): boolean {
  return a.epoch === b.epoch && a.idToken === b.idToken && a.accessToken === b.accessToken
}
