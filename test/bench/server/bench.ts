// `npm run bench:server [-- --against 20a88f5 --rounds 5 --proofs 8000 --requests 1000000 --flood 100000
// --memory-of-old]`: what the guard costs one process, beside an older revision of it, and with each store.
//
// What is measured: requests a second of the freshness endpoint, Prove and Ask, beside an endpoint that only verifies
// the same ID Token (RS256) with jose; Ask, Prove and Use with memory, Redis, PostgreSQL and SQLite, beside an endpoint
// that only asks the store one thing; the processor time of each, which other work on the machine hardly changes; the
// 99th percentile at 100 connections; and memory over many requests and under floods.
//
// How: Hono on Node, built packages, a process for each build, each store and jose; the requests are made beforehand.
// Endpoints take turns within a round, so that a busy minute affects all. Every proof is of another person, answers a
// challenge of its own, and is sent to an endpoint once; so is every grant. Redis, PostgreSQL and SQLite (WAL) are real,
// on this machine, and write to the disk before they answer. Use is `require` with memory and Redis; with SQL it is
// `protect` in a transaction of its own, whose commit a bare SELECT does not have. Medians, with [least–most]. Each kind
// of traffic that is watched for memory has a fresh process; with a store it is a tenth of the requests. The old build is
// watched too only with --memory-of-old, which takes twice the time.
//
// It reports. There is no goal, and the exit code is 0 unless the bench itself breaks.
import { parseArgs } from 'node:util'
import { startIntrospection } from '../flood/introspection.ts'
import { idleness, whenIdle } from '../idleness.ts'
import { type Build, buildRevision, newBuild } from './builds.ts'
import { type Course, heapsOf, inWords } from './memory.ts'
import { startBenchOp } from './proofs.ts'
import { measureSpeed } from './speed.ts'
import { startStores } from './stores/servers.ts'
import { measureStores } from './stores/speed.ts'
import { runStoreTraffic } from './stores/traffic.ts'
import { allTraffic } from './traffic.ts'

const { values } = parseArgs({
  options: {
    // The first edition.
    against: { type: 'string', default: '20a88f5' },
    rounds: { type: 'string', default: '5' },
    proofs: { type: 'string', default: '8000' },
    requests: { type: 'string', default: '1000000' },
    flood: { type: 'string', default: '100000' },
    'memory-of-old': { type: 'boolean', default: false },
  },
})
function whole(name: 'rounds' | 'proofs' | 'requests' | 'flood'): number {
  const number = Number(values[name])
  if (Number.isInteger(number) && number > 0) return number
  throw new Error(`--${name} must be a whole number from 1`)
}
const [rounds, count, requests, flood] = [whole('rounds'), whole('proofs'), whole('requests'), whole('flood')]
const startedAt = Date.now()

const old = await buildRevision(values.against).catch((error: Error) => {
  console.log(
    `\n${values.against} cannot be built here, so only the working tree is measured. ${error.message}`,
  )
})
const builds: Build[] = old ? [old, newBuild] : [newBuild]
const op = await startBenchOp()
const introspection = await startIntrospection('', 10)
const stores = await startStores()

function report(name: string, course: Course): void {
  console.log(`  ${name}: ${inWords(course)}`)
  console.log(`       heap, MB, tenth by tenth: ${heapsOf(course)}`)
}

try {
  const urls = { introspection: introspection.url }
  if (old) console.log(`\nold: ${values.against}; new: the working tree`)
  console.log(`\nOne process, 100 connections, ${count} requests a round, ${rounds} rounds`)
  console.log(await measureSpeed(op, builds, { rounds, count, ...urls }))
  console.log('\nWith each store, requests a second')
  console.log(await measureStores(op, stores, { rounds, count }))

  console.log('\nMemory after collection')
  for (const traffic of allTraffic(op, { requests, flood, proofs: count, ...urls })) {
    console.log(`\n${traffic.name}, ${traffic.requests} requests`)
    for (const build of values['memory-of-old'] ? builds : [newBuild]) {
      await whenIdle()
      report(build.name, await traffic.run(build))
    }
  }
  const few = Math.ceil(requests / 10)
  console.log(`\nProve and Use by turns with each store (each proof and grant many times), ${few} requests`)
  for (const store of stores) {
    await whenIdle()
    report(store.name, await runStoreTraffic(op, store, { requests: few, proofs: count }))
  }
  const { measured, busy } = idleness()
  const unsure =
    busy * 4 > measured ? ' Trust the memory, and of the speeds only what is counted in CPU time.' : ''
  const seconds = Math.round((Date.now() - startedAt) / 1000)
  console.log(
    `\n${seconds} s. ${busy} of ${measured} measurements began on a machine busy with other work.${unsure}\n`,
  )
} finally {
  for (const store of stores) await store.close()
  await introspection.close()
  await op.close()
  await old?.remove()
}
