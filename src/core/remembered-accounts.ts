import { type Account, isSameAccount } from './account.ts'
import { isRecord } from './claims.ts'
import { defined } from './defined.ts'

/** An account that was signed in to in this browser, for the account chooser. It proves nothing and holds no token. */
export interface RememberedAccount extends Account {
  /** When the account was last used, in epoch seconds. */
  readonly usedAt: number
}

/** For how many seconds an account is remembered without being used. */
const lifetime = 180 * 86_400

/**
 * The accounts that storage remembers, the last used first. Storage may hold anything, so an entry is left out if it is
 * no account of these issuers, is too old, comes a second time, or exceeds the limit. `now` in epoch seconds.
 */
export function readRemembered(
  value: unknown,
  issuers: readonly string[],
  now: number,
  limit: number,
): readonly RememberedAccount[] {
  const accounts = (Array.isArray(value) ? value : []).flatMap(entry => read(entry, issuers, now) ?? [])
  accounts.sort((a, b) => b.usedAt - a.usedAt)
  const first = accounts.filter(
    (one, index) => accounts.findIndex(other => isSameAccount(other, one)) === index,
  )
  return first.slice(0, limit)
}

/** The list with this account as the last used one. `now` in epoch seconds. */
export function remember(
  remembered: readonly RememberedAccount[],
  account: Account,
  now: number,
  limit: number,
): readonly RememberedAccount[] {
  const { iss, sub, name, username, email, picture } = account
  // One name to sign in with is enough.
  const hint = username === undefined ? { email } : { username }
  const newest = { iss, sub, usedAt: now, ...defined({ name, picture, ...hint }) }
  return [newest, ...remembered.filter(one => !isSameAccount(one, newest))].slice(0, limit)
}

function read(entry: unknown, issuers: readonly string[], now: number): RememberedAccount | null {
  if (!isRecord(entry)) return null
  const { iss, sub, usedAt } = entry
  if (!isText(iss) || !issuers.includes(iss) || !isText(sub) || !Number.isSafeInteger(usedAt)) return null
  const age = now - (usedAt as number)
  if (age < 0 || age > lifetime) return null
  const { name, username, email, picture } = entry
  const shown = { name, username, email, picture: isPicture(picture) ? picture : undefined }
  const texts = Object.entries(defined(shown))
  if (!texts.every(([, text]) => isText(text))) return null
  return { iss, sub, usedAt: usedAt as number, ...Object.fromEntries(texts) }
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= 2048

const isPicture = (value: unknown): boolean => isText(value) && value.startsWith('https://')
