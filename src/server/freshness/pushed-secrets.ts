import type { Derive } from './own-tokens.ts'

// Nothing is kept of a request that was pushed: both come from the challenge, by the key that signed it.

/** The `state` of the request that answers a challenge. The page gets to know it. */
export function stateOf(derive: Derive): Promise<string> {
  return derive('state')
}

/** The `code_verifier` of that request. Only the OP gets to know it, and only with the code. @see RFC 7636 §4.1 */
export function verifierOf(derive: Derive): Promise<string> {
  return derive('code_verifier')
}
