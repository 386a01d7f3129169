import { newBuild } from '../builds.ts'
import { fire } from '../fire.ts'
import { type Course, watchMemory } from '../memory.ts'
import { type BenchOp, makeProofs } from '../proofs.ts'
import { makeUses } from './grants.ts'
import { startStoreApi } from './process.ts'
import type { StoreServer } from './servers.ts'
import { audience } from './setup.ts'

/** Sends a process with this store Proves and Uses by turns, each of them many times, and watches its memory. */
export async function runStoreTraffic(
  op: BenchOp,
  store: StoreServer,
  { requests, proofs: count }: { readonly requests: number; readonly proofs: number },
): Promise<Course> {
  const api = await startStoreApi(store, op.issuer)
  try {
    const proofs = await makeProofs(op, newBuild, audience, count)
    const uses = await makeUses(op, count)
    return await watchMemory(api.memory, requests, async left => {
      for (; left > 0; left -= 2 * count) {
        await fire(api.url('/freshness'), proofs.slice(0, Math.ceil(left / 2)), null)
        await fire(api.url('/use'), uses.slice(0, Math.floor(left / 2)), null)
      }
    })
  } finally {
    api.close()
  }
}
