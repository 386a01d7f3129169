import { freshProof } from '../flood/dpop-proofs.ts'
import type { Shot } from '../flood/http.ts'
import { createSlowConnections } from '../flood/slow-connections.ts'
import { type ApiProcess, startApi } from './api-process.ts'
import type { Build } from './builds.ts'
import { fire } from './fire.ts'
import { type Course, watchMemory } from './memory.ts'
import { type BenchOp, makeProofs } from './proofs.ts'

/** One kind of traffic, good or bad, that must not make a process grow. */
export interface Traffic {
  readonly name: string
  readonly requests: number
  /** Sends it all to a process of its own. */
  readonly run: (build: Build) => Promise<Course>
}

/** How much traffic to send. */
export interface TrafficOptions {
  readonly requests: number
  /** The requests of each flood. Slow connections are a tenth of these. */
  readonly flood: number
  readonly proofs: number
  readonly introspection: string
}

/** How many DPoP proofs are made at once, because they are good for a minute only. */
const batch = 5_000

/** Every kind of traffic that memory is watched under. */
export function allTraffic(
  op: BenchOp,
  { requests, flood, proofs: count, introspection }: TrafficOptions,
): readonly Traffic[] {
  const onApi = async (build: Build, send: (api: ApiProcess) => Promise<Course>): Promise<Course> => {
    const api = await startApi(build, op.issuer, introspection)
    return send(api).finally(() => api.close())
  }
  /** Sends the flood's requests, made by `make`, in batches. */
  const pour = (name: string, path: string, make: (url: string) => Shot): Traffic => ({
    name,
    requests: flood,
    run: build =>
      onApi(build, api =>
        watchMemory(api.memory, flood, async left => {
          for (; left > 0; left -= batch) {
            const shots = Array.from({ length: Math.min(batch, left) }, () => make(api.url(path)))
            await fire(api.url(path), shots, null)
          }
        }),
      ),
  })
  let garbage = 0

  return [
    {
      name: 'Prove (each proof many times) and Ask by turns',
      requests,
      run: build =>
        onApi(build, async api => {
          const proofs = await makeProofs(op, build, api.audience, count)
          const shots = proofs.flatMap(proof => [proof, op.ask])
          return watchMemory(api.memory, requests, async left => {
            for (; left > 0; left -= shots.length) {
              await fire(api.url('/freshness'), shots.slice(0, left), null)
            }
          })
        }),
    },
    {
      name: 'connections that send headers and one byte, measured while they hang',
      requests: Math.ceil(flood / 10),
      run: build =>
        onApi(build, async api => {
          const slow = createSlowConnections(api.url('/freshness'))
          const course = await watchMemory(api.memory, Math.ceil(flood / 10), async left => {
            slow.closeAll()
            slow.add(left)
            await fire(api.url('/freshness'), Array(1_000).fill(op.ask), null)
          })
          slow.closeAll()
          return course
        }),
    },
    pour('one expired ID Token, a DPoP proof with a fresh key each time', '/with-dpop', url => {
      const DPoP = freshProof(url, Math.floor(Date.now() / 1000))
      return { ...op.expiredAsk, headers: { ...op.expiredAsk.headers, DPoP } }
    }),
    pour('garbage access tokens, each introspected', '/report', () => {
      return { headers: { Authorization: `Bearer garbage-${++garbage}` }, body: '' }
    }),
  ]
}
