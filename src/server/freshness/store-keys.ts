import { sha256 } from '../crypto/hash.ts'

// The names of the store's entries. People are named by a hash, and the two keys of one proof share it in braces, so
// that Redis Cluster keeps them in one slot.

/** The store key of a grant. */
export function grantKey(jti: string): string {
  return `grant:${jti}`
}

/**
 * The store keys of a proof: its challenge, and its person's last login.
 *
 * @param iss the OP, because a `sub` is unique there only
 */
export async function proofKeys(
  iss: string,
  sub: string,
  jti: string,
): Promise<{ readonly challenge: string; readonly login: string }> {
  const person = `{${await sha256(JSON.stringify([iss, sub]))}}`
  return { challenge: `challenge:${person}:${jti}`, login: `login:${person}` }
}

/**
 * The store key of a logout token.
 *
 * @param iss the OP, because a `jti` is unique there only
 * @param clientId whose sessions it ends: the OP may send one token to several clients
 */
export async function logoutKey(iss: string, clientId: string, jti: string): Promise<string> {
  return `logout:${await sha256(JSON.stringify([iss, clientId, jti]))}`
}
