import { accountOf } from '../core/account.ts'
import { decodeIdToken } from '../core/claims.ts'
import type { TokenSet } from '../core/ports.ts'

/**
 * Tokens that another tab, or this tab's storage, hands over: whose they are, their ID Token says and nothing beside
 * it; without one they are nobody's, and null. It proves nothing, since whoever writes there is of this origin and can
 * make up an ID Token that nobody signed; but who is on screen is who the backend is told of.
 */
export function readHandedOver(tokens: unknown): TokenSet | null {
  try {
    const { claims } = decodeIdToken((tokens as TokenSet).idToken)
    return { ...(tokens as TokenSet), account: accountOf(claims), claims }
  } catch {
    return null
  }
}
