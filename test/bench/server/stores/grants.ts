import { createFreshnessGuard, memoryStore } from 'afresh/server'
import type { ScriptedOp } from '../../../support/op.ts'
import type { Shot } from '../../flood/http.ts'
import { audience, guardOptions, usedAction, user } from './setup.ts'

/** Makes calls of one person, each with a grant of its own, that a process with the same key and policies accepts. */
export async function makeUses(op: ScriptedOp, count: number): Promise<Shot[]> {
  const guard = createFreshnessGuard({ ...guardOptions(op.issuer), store: memoryStore() })
  const id_token = await op.mint({ sub: user, exp: Math.floor(Date.now() / 1000) + 3600 })
  const body = JSON.stringify({ action: usedAction, id_token })
  const ask = (Cookie: string): Promise<Response> => {
    const headers = { 'Content-Type': 'application/json', Cookie }
    return guard.handler(new Request(`${audience}/freshness`, { method: 'POST', headers, body }))
  }
  const Cookie = (await ask('')).headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const make = async (): Promise<Shot> => {
    const { grant } = await (await ask(Cookie)).json()
    return { headers: { Cookie, 'Step-Up-Grant': grant }, body: '' }
  }
  const uses: Shot[] = []
  while (uses.length < count) {
    uses.push(...(await Promise.all(Array.from({ length: Math.min(64, count - uses.length) }, make))))
  }
  return uses
}
