import { canonicalJson } from '../core/canonical-json.ts'
import { type GrantedAnswer, grantHeader } from '../core/wire.ts'
import { sha256 } from '../op/sha256.ts'
import type { Script } from './script.ts'
import { ownToken, type Wish } from './scripted-challenges.ts'

/** Seconds that a grant lives. */
const lifetime = 60

/** The grants of the scripted backend. */
export interface Grants {
  issue(wish: Wish): GrantedAnswer
  /** Whether the request's grant is good for exactly this, which uses it up. */
  use(request: Request, wish: Wish): boolean
}

export function createGrants(script: Script): Grants {
  const unused = new Map<string, { readonly wish: Wish; readonly expiresAt: number }>()
  return {
    issue(wish) {
      const grant = ownToken('step-up-grant+jwt', wish, script, lifetime)
      unused.set(grant, { wish, expiresAt: script.now() + lifetime })
      return { status: 'granted', grant, expires_in: lifetime }
    },
    use({ headers }, wish) {
      const text = headers.get(grantHeader) ?? ''
      const grant = unused.get(text)
      if (script.evil?.grant === 'refused' || !grant || !isSame(grant.wish, wish)) return false
      unused.delete(text)
      return script.now() < grant.expiresAt
    },
  }
}

function isSame(one: Wish, other: Wish): boolean {
  return one.action === other.action && one.contextHash === other.contextHash && one.sub === other.sub
}

/** The hash of a context, as it is on the wire; undefined without one. */
export async function hashOf(context: unknown): Promise<string | undefined> {
  return context === undefined ? undefined : sha256(canonicalJson(context))
}
