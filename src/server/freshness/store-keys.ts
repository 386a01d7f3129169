import { sha256 } from '../crypto/hash.ts'

// What the store's keys are made of. People are named by a hash, and the two keys of one proof share it in braces, so
// that Redis Cluster keeps them in one slot.

export function grantKey(jti: string): string {
  return `grant:${jti}`
}

/** @param iss the OP; a `sub` is unique there only */
export async function proofKeys(
  iss: string,
  sub: string,
  jti: string,
): Promise<{ readonly challenge: string; readonly login: string }> {
  const person = `{${await sha256(JSON.stringify([iss, sub]))}}`
  return { challenge: `challenge:${person}:${jti}`, login: `login:${person}` }
}
