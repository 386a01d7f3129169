import type { Shot } from '../flood/http.ts'
import { whenIdle } from '../idleness.ts'
import type { ApiProcess } from './api-process.ts'
import { fire, type Shots } from './fire.ts'

/** What an endpoint did in a round. */
export interface Measured extends Shots {
  /** Microseconds of a processor's time that the API used for a request. */
  readonly cpu: number
}

/** What is measured under a name, ready to be sent. */
export type Shooting = readonly [name: string, shoot: () => Promise<Measured>]

/** By name, one of each round. */
export type Results = ReadonlyMap<string, readonly Measured[]>

/** Sends each request once. @throws when an answer has another status than `expected` */
export async function shootAt(
  api: ApiProcess,
  path: string,
  shots: readonly Shot[],
  expected: number,
): Promise<Measured> {
  const before = await api.cpu()
  const fired = await fire(api.url(path), shots, expected)
  return { ...fired, cpu: ((await api.cpu()) - before) / shots.length }
}

/**
 * Measures everything once in each round, and once before to warm up.
 *
 * @param load makes the requests of a round
 */
export async function playRounds(rounds: number, load: () => Promise<Shooting[]>): Promise<Results> {
  const results = new Map<string, Measured[]>()
  for (let round = 0; round <= rounds; round++) {
    const shots = await load()
    // Another endpoint begins each time.
    if (round % 2 === 1) shots.reverse()
    for (const [name, shoot] of shots) {
      await whenIdle()
      const shot = await shoot()
      if (round > 0) results.set(name, [...(results.get(name) ?? []), shot])
    }
    process.stderr.write(`round ${round} of ${rounds}\n`)
  }
  return results
}

/** One figure of what was measured under a name, round by round. */
export function figures(results: Results, name: string, what: keyof Measured): number[] {
  return (results.get(name) ?? []).map(measured => measured[what])
}

/** Round by round, because a busy minute affects both. */
export function shares(above: readonly number[], below: readonly number[]): number[] {
  return above.map((value, round) => value / (below[round] ?? Number.NaN))
}
