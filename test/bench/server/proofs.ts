import { type ScriptedOp, startOp } from '../../support/op.ts'
import type { Shot } from '../flood/http.ts'
import { type Build, load, makeGuard } from './builds.ts'

/** A scripted OP, and requests with its ID Tokens. */
export interface BenchOp extends ScriptedOp {
  /** Asks for a person who signed in an hour ago. */
  readonly ask: Shot
  /** The same, with an ID Token that has expired. */
  readonly expiredAsk: Shot
}

const headers = { 'Content-Type': 'application/json' }
const now = (): number => Math.floor(Date.now() / 1000)
/** Seconds: longer than the bench takes. */
const lifetime = 7200
let people = 0

/** Starts the OP. */
export async function startBenchOp(): Promise<BenchOp> {
  const op = await startOp(now)
  const [signedInAt, expiredAt] = [now() - 3600, now() - 600]
  const ask = async (exp: number): Promise<Shot> => {
    const id_token = await op.mint({ auth_time: signedInAt, iat: signedInAt, exp })
    return { headers, body: JSON.stringify({ action: 'payment.approve', id_token }) }
  }
  return { ...op, ask: await ask(now() + lifetime), expiredAsk: await ask(expiredAt) }
}

/**
 * Makes proofs of `count` people, each with a challenge and an RS256 ID Token of its own. The build that will receive
 * the proofs makes the challenges, because editions differ in their claims.
 */
export async function makeProofs(
  op: ScriptedOp,
  build: Build,
  audience: string,
  count: number,
): Promise<Shot[]> {
  const guard = makeGuard(await load(build), {
    issuer: op.issuer,
    audience,
    authenticate: request => ({ subject: request.headers.get('Person') ?? '' }),
  })
  const ask = async (subject: string, cookie: string): Promise<Response> => {
    const body = JSON.stringify({ action: 'payment.approve' })
    const sent = { ...headers, Person: subject, Cookie: cookie }
    return guard.handler(new Request(`${audience}/freshness`, { method: 'POST', headers: sent, body }))
  }
  const Cookie = (await ask('first', '')).headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const make = async (): Promise<Shot> => {
    const sub = `person-${++people}`
    const { challenge, nonce } = await (await ask(sub, Cookie)).json()
    // A login in the challenge's own second would count as made before it.
    const id_token = await op.mint({ sub, nonce, auth_time: now() + 2, exp: now() + lifetime })
    return { headers: { ...headers, Cookie }, body: JSON.stringify({ challenge, id_token }) }
  }
  const proofs: Shot[] = []
  while (proofs.length < count) {
    proofs.push(...(await Promise.all(Array.from({ length: Math.min(64, count - proofs.length) }, make))))
  }
  return proofs
}
