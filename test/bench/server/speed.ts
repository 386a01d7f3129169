import type { Shot } from '../flood/http.ts'
import { whenIdle } from '../idleness.ts'
import { spread, spreadOfShares } from '../numbers.ts'
import { table } from '../table.ts'
import { type ApiProcess, startApi } from './api-process.ts'
import { type Build, newBuild } from './builds.ts'
import { fire, type Shots } from './fire.ts'
import { type BenchOp, makeProofs } from './proofs.ts'

/** How much to measure. */
export interface SpeedOptions {
  readonly rounds: number
  /** Requests to each endpoint in a round. */
  readonly count: number
  /** An introspection endpoint, which the API processes need. */
  readonly introspection: string
}

interface Measured extends Shots {
  /** Microseconds of a processor's time that the API used for a request. */
  readonly cpu: number
}
type Results = Map<string, Measured[]>

/** Requests a second of Prove and Ask, of each build and of a process that only verifies the same ID Tokens with jose. */
export async function measureSpeed(
  op: BenchOp,
  builds: readonly Build[],
  { rounds, count, introspection }: SpeedOptions,
): Promise<string> {
  const start = (build: Build): Promise<ApiProcess> => startApi(build, op.issuer, introspection)
  const apis = await Promise.all(builds.map(async build => ({ build, api: await start(build) })))
  const floor = await start(newBuild)
  const results: Results = new Map()
  try {
    for (let round = 0; round <= rounds; round++) {
      const shots = await loadRound(op, apis, floor, count)
      // Another endpoint begins each time.
      if (round % 2 === 1) shots.reverse()
      for (const [name, shoot] of shots) {
        await whenIdle()
        const shot = await shoot()
        // The first round warms up.
        if (round > 0) results.set(name, [...(results.get(name) ?? []), shot])
      }
      process.stderr.write(`round ${round} of ${rounds}\n`)
    }
  } finally {
    for (const { api } of apis) api.close()
    floor.close()
  }
  return inTable(results, builds)
}

type Shooting = readonly [name: string, shoot: () => Promise<Measured>]

async function shootAt(
  api: ApiProcess,
  path: string,
  shots: readonly Shot[],
  expected: number,
): Promise<Measured> {
  const before = await api.cpu()
  const fired = await fire(api.url(path), shots, expected)
  return { ...fired, cpu: ((await api.cpu()) - before) / shots.length }
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
  const of = (name: string, what: keyof Measured): number[] =>
    (results.get(name) ?? []).map(measured => measured[what])
  // Compared within one round, so that a busy minute affects both.
  const share = (above: readonly number[], below: readonly number[]): string =>
    spreadOfShares(above.map((value, round) => value / (below[round] ?? Number.NaN)))
  const names = [...builds.map(build => build.name), 'jose alone']
  const rows = ['Prove', 'Ask'].flatMap(kind =>
    names.map(name => {
      const endpoint = `${kind}, ${name}`
      const floor = `${kind}, jose alone`
      return [
        endpoint,
        spread(of(endpoint, 'perSecond')),
        spread(of(endpoint, 'p99')),
        spread(of(endpoint, 'cpu')),
        share(of(endpoint, 'perSecond'), of(floor, 'perSecond')),
        share(of(floor, 'cpu'), of(endpoint, 'cpu')),
      ]
    }),
  )
  return table(['endpoint', 'requests/s', 'p99, ms', 'CPU, µs', 'of jose alone', 'by CPU'], rows)
}
