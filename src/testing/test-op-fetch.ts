import { ownSigner } from './mint.ts'
import type { TestOpPushes } from './test-op-pushes.ts'

type Claims = Readonly<Record<string, unknown>>

/**
 * The `fetch` by which guards reach a test OP. They ask it for its keys and what a token is, push requests, and redeem
 * codes.
 *
 * @param claimsOf the claims of a token that is no JWT
 * @param now epoch seconds
 */
export function createTestOpFetch(
  isUp: () => boolean,
  claimsOf: (token: string) => Claims | undefined,
  pushes: TestOpPushes,
  now: () => number,
): typeof fetch {
  const introspect = (token: string): Claims => {
    const claims = claimsOf(token)
    return { ...claims, active: now() < Number(claims?.exp) }
  }
  return async (url, { method, body } = {}) => {
    if (!isUp()) throw new TypeError('fetch failed')
    if (method !== 'POST') return Response.json({ keys: [await ownSigner.publicJwk()] })
    const form = new URLSearchParams(body as URLSearchParams)
    const { pathname } = new URL(String(url))
    if (pathname.endsWith('/par')) return Response.json(pushes.push(form), { status: 201 })
    if (!pathname.endsWith('/token')) return Response.json(introspect(form.get('token') ?? ''))
    const tokens = await pushes.redeem(form)
    return tokens ? Response.json(tokens) : Response.json({ error: 'invalid_grant' }, { status: 400 })
  }
}
