import type { Account } from '../../core/account.ts'
import { encodeBase64url } from '../../core/base64url.ts'
import { ConfigurationError } from '../../core/errors.ts'
import type { AuthEffect } from '../../core/machine/transition.ts'
import { withTimeLimit } from '../../op/time-limit.ts'
import type { ClientContext } from '../context.ts'

/**
 * Lets the app forget the former person. Who that was after a reload, a hash in localStorage tells: only that it is
 * somebody else. It is written last, so that after a crash on the way the app is asked again.
 *
 * @throws {ConfigurationError} when `onAccountChange` fails, {AuthTimeoutError} when it takes too long
 */
export async function changeAccount(
  { options, name }: ClientContext,
  { from, to }: Extract<AuthEffect, { type: 'account.change' }>,
): Promise<void> {
  const { onAccountChange, timeLimit } = options
  if (!onAccountChange) return
  const key = `afresh:former:${name}`
  const next = await hash(to)
  const known = read(key)
  if (from || (known !== null && known !== next)) {
    const forget = async (): Promise<void> => onAccountChange({ from, to })
    const forgotten = forget().catch(cause => {
      throw new ConfigurationError('The app could not forget the former person: `onAccountChange` failed', {
        cause,
      })
    })
    await withTimeLimit(timeLimit, '`onAccountChange`', forgotten)
  }
  try {
    localStorage.setItem(key, next)
  } catch {
    // Then only this page knows who was there.
  }
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

async function hash({ iss, sub }: Account): Promise<string> {
  const text = new TextEncoder().encode(`${iss} ${sub}`)
  return encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', text)))
}
