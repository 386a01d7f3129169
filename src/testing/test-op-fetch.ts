import { ownSigner } from './mint.ts'

type Claims = Readonly<Record<string, unknown>>

/**
 * The `fetch` by which guards reach a test OP. They ask it two things: its keys, and what a token is.
 *
 * @param claimsOf the claims of a token that is no JWT
 * @param now epoch seconds
 */
export function createTestOpFetch(
  isUp: () => boolean,
  claimsOf: (token: string) => Claims | undefined,
  now: () => number,
): typeof fetch {
  const introspect = (token: string): Claims => {
    const claims = claimsOf(token)
    return { ...claims, active: now() < Number(claims?.exp) }
  }
  return async (_, { method, body } = {}) => {
    if (!isUp()) throw new TypeError('fetch failed')
    const form = method === 'POST' ? new URLSearchParams(body as URLSearchParams) : null
    const answer = form ? introspect(form.get('token') ?? '') : { keys: [await ownSigner.publicJwk()] }
    return new Response(JSON.stringify(answer))
  }
}
