import { spread, spreadOfShares } from '../../numbers.ts'
import { table } from '../../table.ts'
import type { ApiProcess } from '../api-process.ts'
import { newBuild } from '../builds.ts'
import { type BenchOp, makeProofs } from '../proofs.ts'
import {
  figures,
  type Measured,
  playRounds,
  type Results,
  type Shooting,
  shares,
  shootAt,
} from '../rounds.ts'
import type { SpeedOptions } from '../speed.ts'
import { makeUses } from './grants.ts'
import { startStoreApi } from './process.ts'
import type { StoreServer } from './servers.ts'
import { audience } from './setup.ts'

const kinds = ['Ask', 'Prove', 'Use'] as const
/** What a store's bare endpoint does. */
const bareCommands = { memory: 'nothing', redis: 'SET', postgresql: 'SELECT', sqlite: 'SELECT' }

/** Requests a second of Ask, Prove and Use with each store, beside its bare endpoint. */
export async function measureStores(
  op: BenchOp,
  stores: readonly StoreServer[],
  { rounds, count }: Omit<SpeedOptions, 'introspection'>,
): Promise<string> {
  const apis = new Map<StoreServer, ApiProcess>()
  try {
    for (const store of stores) apis.set(store, await startStoreApi(store, op.issuer))
    const results = await playRounds(rounds, () => loadRound(op, apis, count))
    return `${inTable(results, stores, 'perSecond')}\n\nCPU of the API, µs a request\n${inTable(results, stores, 'cpu')}`
  } finally {
    for (const api of apis.values()) api.close()
  }
}

/** Each proof and each grant is sent to every store once. */
async function loadRound(
  op: BenchOp,
  apis: ReadonlyMap<StoreServer, ApiProcess>,
  count: number,
): Promise<Shooting[]> {
  const asks = Array.from({ length: count }, () => op.ask)
  const bare = Array.from({ length: count }, () => ({ headers: {}, body: '' }))
  const proofs = await makeProofs(op, newBuild, audience, count)
  const uses = await makeUses(op, count)
  return [...apis].flatMap(([{ name }, api]): Shooting[] => [
    [`Ask, ${name}`, () => shootAt(api, '/freshness', asks, 401)],
    [`Prove, ${name}`, () => shootAt(api, '/freshness', proofs, 200)],
    [`Use, ${name}`, () => shootAt(api, '/use', uses, 200)],
    [`bare, ${name}`, () => shootAt(api, '/bare', bare, 200)],
  ])
}

function inTable(results: Results, stores: readonly StoreServer[], what: keyof Measured): string {
  const rows = stores.map(({ name }) => {
    const bare = figures(results, `bare, ${name}`, what)
    const measured = kinds.map(kind => figures(results, `${kind}, ${name}`, what))
    return [
      name,
      ...measured.map(spread),
      `${bareCommands[name]}: ${spread(bare)}`,
      ...measured.map(values => spreadOfShares(shares(values, bare))),
    ]
  })
  return table(['store', ...kinds, 'bare endpoint', ...kinds.map(kind => `${kind} ÷ bare`)], rows)
}
