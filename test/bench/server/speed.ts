import { spread, spreadOfShares } from '../numbers.ts'
import { table } from '../table.ts'
import { type ApiProcess, startApi } from './api-process.ts'
import { type Build, newBuild } from './builds.ts'
import { type BenchOp, makeProofs } from './proofs.ts'
import { figures, playRounds, type Results, type Shooting, shares, shootAt } from './rounds.ts'

/** How much to measure. */
export interface SpeedOptions {
  readonly rounds: number
  /** Requests to each endpoint in a round. */
  readonly count: number
  /** An introspection endpoint, which the API processes need. */
  readonly introspection: string
}

/** Requests a second of Prove and Ask, of each build and of a process that only verifies the same ID Tokens with jose. */
export async function measureSpeed(
  op: BenchOp,
  builds: readonly Build[],
  { rounds, count, introspection }: SpeedOptions,
): Promise<string> {
  const start = (build: Build): Promise<ApiProcess> => startApi(build, op.issuer, introspection)
  const apis = await Promise.all(builds.map(async build => ({ build, api: await start(build) })))
  const floor = await start(newBuild)
  try {
    return inTable(await playRounds(rounds, () => loadRound(op, apis, floor, count)), builds)
  } finally {
    for (const { api } of apis) api.close()
    floor.close()
  }
}

async function loadRound(
  op: BenchOp,
  apis: readonly { readonly build: Build; readonly api: ApiProcess }[],
  floor: ApiProcess,
  count: number,
): Promise<Shooting[]> {
  const asks = Array.from({ length: count }, () => op.ask)
  const shots: Shooting[] = []
  for (const { build, api } of apis) {
    const proofs = await makeProofs(op, build, api.audience, count)
    shots.push([`Prove, ${build.name}`, () => shootAt(api, '/freshness', proofs, 200)])
    shots.push([`Ask, ${build.name}`, () => shootAt(api, '/freshness', asks, 401)])
    if (build !== newBuild) continue
    shots.push(['Prove, jose alone', () => shootAt(floor, '/floor', proofs, 200)])
    shots.push(['Ask, jose alone', () => shootAt(floor, '/floor', asks, 200)])
  }
  return shots
}

function inTable(results: Results, builds: readonly Build[]): string {
  const names = [...builds.map(build => build.name), 'jose alone']
  const rows = ['Prove', 'Ask'].flatMap(kind =>
    names.map(name => {
      const of = (what: 'perSecond' | 'p99' | 'cpu'): number[] => figures(results, `${kind}, ${name}`, what)
      const floor = (what: 'perSecond' | 'cpu'): number[] => figures(results, `${kind}, jose alone`, what)
      return [
        `${kind}, ${name}`,
        spread(of('perSecond')),
        spread(of('p99')),
        spread(of('cpu')),
        spreadOfShares(shares(of('perSecond'), floor('perSecond'))),
        spreadOfShares(shares(floor('cpu'), of('cpu'))),
      ]
    }),
  )
  return table(['endpoint', 'requests/s', 'p99, ms', 'CPU, µs', 'of jose alone', 'by CPU'], rows)
}
