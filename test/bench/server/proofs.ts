import { createFreshnessGuard } from 'afresh/server'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { common } from './setup.ts'

/** One request, ready to be sent. */
export interface Shot {
  readonly headers: Record<string, string>
  readonly body: string
}

export interface BenchOp extends ScriptedOp {
  /** Asks for somebody who signed in an hour ago. */
  readonly ask: Shot
}

const now = (): number => Math.floor(Date.now() / 1000)
/** Seconds: longer than the bench takes. */
const lifetime = 7200
let people = 0

export async function startBenchOp(): Promise<BenchOp> {
  const op = await startOp(now)
  const id_token = await op.mint({ auth_time: now() - 3600, exp: now() + lifetime })
  const headers = { 'Content-Type': 'application/json' }
  return { ...op, ask: { headers, body: JSON.stringify({ action: 'payment.approve', id_token }) } }
}

/** Proofs of as many people, each with a challenge and an RS256 ID Token of its own. */
export async function makeProofs(op: ScriptedOp, count: number): Promise<Shot[]> {
  const guard = createFreshnessGuard({
    store: 'memory',
    ...common,
    issuer: op.issuer,
    authenticate: request => ({ subject: request.headers.get('Person') ?? '' }),
  })
  const ask = async (subject: string, cookie: string): Promise<Response> => {
    const headers = { 'Content-Type': 'application/json', Person: subject, Cookie: cookie }
    const body = JSON.stringify({ action: 'payment.approve' })
    return guard.handler(new Request('http://127.0.0.1/freshness', { method: 'POST', headers, body }))
  }
  const Cookie = (await ask('nobody', '')).headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const headers = { 'Content-Type': 'application/json', Cookie }
  const make = async (): Promise<Shot> => {
    const sub = `person-${++people}`
    const { challenge, nonce } = await (await ask(sub, Cookie)).json()
    const id_token = await op.mint({ sub, nonce, exp: now() + lifetime })
    return { headers, body: JSON.stringify({ challenge, id_token }) }
  }
  const proofs: Shot[] = []
  while (proofs.length < count) {
    proofs.push(...(await Promise.all(Array.from({ length: Math.min(64, count - proofs.length) }, make))))
  }
  return proofs
}
