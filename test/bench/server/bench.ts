// `npm run bench:server [-- --rounds 5 --proofs 8000 --requests 1000000]`: what the guard costs one process.
//
// What is measured: requests a second of the freshness endpoint, Prove and Ask, beside an endpoint in the same process
// that does nothing but verify the same ID Token (RS256) with jose; the 99th percentile at 100 connections; and memory
// over many requests.
//
// How: Hono on Node, the built package, one process; what it is sent is made before. Endpoints take turns within a round,
// so that a busy minute hits all. Every proof is a person's own, answers a challenge of its own, and is sent once to each
// endpoint. Medians, with [least–most].
//
// ✓ and ✗ compare to the goals. They decide no exit code: that is 0 unless the bench itself breaks.
import { parseArgs } from 'node:util'
import { idleness, whenIdle } from '../idleness.ts'
import { median, spread } from '../numbers.ts'
import { table, verdict } from '../table.ts'
import { startApi } from './api-process.ts'
import { fire, type Shots } from './fire.ts'
import { measureMemory } from './memory.ts'
import { makeProofs, startBenchOp } from './proofs.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    proofs: { type: 'string', default: '8000' },
    requests: { type: 'string', default: '1000000' },
  },
})
const [rounds, count, requests] = [values.rounds, values.proofs, values.requests].map(Number) as [
  number,
  number,
  number,
]
if (![rounds, count, requests].every(number => Number.isInteger(number) && number > 0)) {
  throw new Error('--rounds, --proofs and --requests must be whole numbers from 1')
}
const goal = 0.7
const startedAt = Date.now()

const op = await startBenchOp()
const api = await startApi(op.issuer)
try {
  const results = new Map<string, Shots[]>()
  for (let round = 0; round <= rounds; round++) {
    const proofs = await makeProofs(op, count)
    const asks = proofs.map(() => op.ask)
    const shots: [string, () => Promise<Shots>][] = [
      ['Prove', () => fire(api.url('/freshness'), proofs, 200)],
      ['its floor', () => fire(api.url('/floor'), proofs, 200)],
      ['Ask', () => fire(api.url('/freshness'), asks, 401)],
      ['Ask’s floor', () => fire(api.url('/floor'), asks, 200)],
    ]
    // Somebody else begins each time.
    if (round % 2 === 1) shots.reverse()
    for (const [name, shoot] of shots) {
      await whenIdle()
      const shot = await shoot()
      // The first round warms up.
      if (round > 0) results.set(name, [...(results.get(name) ?? []), shot])
    }
    process.stderr.write(`round ${round} of ${rounds}\n`)
  }
  const rate = (name: string): number[] => (results.get(name) ?? []).map(shot => shot.perSecond)
  const p99 = (name: string): number[] => (results.get(name) ?? []).map(shot => shot.p99)
  const ratio = (name: string, floor: string): number =>
    median(rate(name).map((value, round) => value / (rate(floor)[round] ?? Number.NaN)))
  const [prove, ask] = [ratio('Prove', 'its floor'), ratio('Ask', 'Ask’s floor')]
  const rows = [...results.keys()].toSorted().map(name => [name, spread(rate(name)), spread(p99(name))])
  console.log(`\nOne process, 100 connections, ${count} requests a round, ${rounds} rounds`)
  console.log(table(['endpoint', 'requests/s', 'p99, ms'], rows))
  console.log(verdict(prove >= goal, `Prove: ${prove.toFixed(2)} of one jose verification, goal ${goal}`))
  console.log(verdict(ask >= goal, `Ask: ${ask.toFixed(2)} of one jose verification, goal ${goal}`))

  const memory = await measureMemory(api, await makeProofs(op, count), op.ask, requests)
  console.log(`\nMemory over ${requests} requests, after collection`)
  console.log(table(['requests', 'heap, MB', 'resident, MB'], memory.rows))
  console.log(
    verdict(memory.growth <= 0.1, `The heap grew by ${(memory.growth * 100).toFixed(1)} %, goal 10 %`),
  )
  const { measured, busy } = idleness()
  const unsure = busy * 4 > measured ? ' Trust the ratios, and no time.' : ''
  const seconds = Math.round((Date.now() - startedAt) / 1000)
  console.log(
    `\n${seconds} s. ${busy} of ${measured} measurements began on a machine busy with other work.${unsure}\n`,
  )
} finally {
  api.close()
  await op.close()
}
