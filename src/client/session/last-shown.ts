import type { Account } from '../../core/account.ts'
import { isRecord } from '../../core/claims.ts'
import type { AuthState } from '../../core/machine/state.ts'
import { type GuardedStorage, readValue, writeValue } from '../../op/guarded-storage.ts'
import type { ReadonlyStore } from '../run-machine.ts'
import type { BrowserSession } from './browser-session.ts'
import { isCount } from './session-record.ts'

/** The account that this tab showed last, as its sessionStorage keeps it over a reload. It holds no token. */
interface Kept {
  readonly account: Account
  /** A person who has signed out since is forgotten. */
  readonly epoch: number
}

/** Null where this tab has shown no person, or that person has signed out since. */
export function readLastShown(
  tabStorage: GuardedStorage,
  key: string,
  issuers: readonly string[],
  browserSession: BrowserSession,
): Account | null {
  const kept = readKept(readValue(tabStorage, key), issuers)
  if (kept && !browserSession.isClosed(kept.epoch)) return kept.account
  tabStorage.remove(key)
  return null
}

/** Keeps it up to date from now on. */
export function keepLastShown(
  tabStorage: GuardedStorage,
  key: string,
  store: ReadonlyStore<AuthState>,
  browserSession: Pick<BrowserSession, 'epoch'>,
): void {
  store.subscribe(({ lastShown: account }, previous) => {
    if (account === previous.lastShown) return
    if (account) writeValue(tabStorage, key, { account, epoch: browserSession.epoch } satisfies Kept)
    else tabStorage.remove(key)
  })
}

function readKept(kept: unknown, issuers: readonly string[]): Kept | null {
  if (!isRecord(kept) || !isRecord(kept.account) || !isCount(kept.epoch)) return null
  const { account, epoch } = kept
  const texts = Object.entries(account).filter(([, value]) => typeof value === 'string')
  const { iss, sub, ...others } = Object.fromEntries(texts) as Record<string, string>
  return iss && issuers.includes(iss) && sub ? { account: { iss, sub, ...others }, epoch } : null
}
