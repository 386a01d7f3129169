// `npm run bench [-- --rounds 7 --minutes 3.5]`: afresh beside react-oidc-context and beside the protocol's minimum.
//
// What is measured: gzip sizes; time, requests, sequential round trips and documents of sign-ins, page loads (one of
// them with an emptied HTTP cache) and renewals; renders per renewal; token requests of many callers and many tabs.
//
// How: one tiny app (apps/shared) for three clients, each built for production and served by itself. `floor` is written
// by hand and does what the protocol needs and nothing else: it is a limit to measure against, not a product. All keep
// their tokens in memory; react-oidc-context is also shown with its default storage, where that makes a difference.
// Dependencies are bundled as they are published. The OP is the demo's, with a login that continues by itself. OP and
// apps answer 50 ms late. One Chromium; each contender has a context without cookies and cache in each round;
// contenders take turns within a round, so that a busy minute affects all. Requests are counted where they arrive, so
// an answer from the cache counts as none. Times are taken in the page: from the click, or from the navigation's start,
// to the commit that shows the person. A round trip is a request that began after the one before had ended. Medians,
// with [least–most].
//
// ✓ and ✗ compare afresh to its goals. They decide no exit code: that is 0 unless the bench itself breaks.
import { parseArgs } from 'node:util'
import { afresh, type ContenderEntry, contenders, floor, peerInSession } from './contenders.ts'
import { attempt, failures } from './failures.ts'
import { flowNames, reportFlow } from './flows.ts'
import { idleness } from './idleness.ts'
import type { Measured } from './page-loads.ts'
import type { MeasuredRenewal } from './renewals.ts'
import { reportRenders, reportSharing, reportSizes } from './reports.ts'
import { type FlowName, playRound, type Round } from './round.ts'
import { measureSharing, type Sharing } from './sharing.ts'
import { measureSizes } from './sizes.ts'
import { type Stage, setStage } from './stage.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, minutes: { type: 'string', default: '3.5' } },
})
const wanted = Number(values.rounds)
/** No new round begins after this many milliseconds, once three have been played. */
const enough = Number(values.minutes) * 60_000
if (!Number.isInteger(wanted) || wanted < 1) throw new Error('--rounds must be a whole number from 1')
if (!(enough > 0)) throw new Error('--minutes must be a number above 0')

const startedAt = Date.now()
const entrants = [...contenders, peerInSession]

async function playRounds(stage: Stage): Promise<Map<ContenderEntry, Round[]>> {
  const played = new Map<ContenderEntry, Round[]>(entrants.map(contender => [contender, []]))
  const broken = new Set<ContenderEntry>()
  for (let round = 0; round < wanted; round++) {
    if (round >= 3 && Date.now() - startedAt > enough) break
    // Another contender begins each time.
    const turn = round % entrants.length
    for (const contender of [...entrants.slice(turn), ...entrants.slice(0, turn)]) {
      if (broken.has(contender)) continue
      const result = await attempt(`${contender.name}, round ${round + 1}`, () => playRound(stage, contender))
      if (result) played.get(contender)?.push(result)
      else broken.add(contender)
    }
    process.stderr.write(`round ${round + 1} of ${wanted}\n`)
  }
  return played
}

function runsOf(played: ReadonlyMap<ContenderEntry, readonly Round[]>, flow: FlowName) {
  const runs = new Map<string, Measured[]>()
  for (const [{ name }, rounds] of played) {
    const measured = rounds.map(round => round[flow]).filter(one => one !== undefined)
    if (measured.length > 0) runs.set(name, measured)
  }
  return runs
}

const byName = (results: ReadonlyMap<ContenderEntry, Sharing>): Map<string, Sharing> =>
  new Map([...results].map(([{ name }, sharing]) => [name, sharing]))

const sizes = await measureSizes()
const stage = await setStage(entrants)
try {
  // First, because it warms everything up and measures no times.
  const sharedByFrame = await measureSharing(stage, contenders, false)
  const sharedByRefresh = await measureSharing(stage, contenders, true)
  const played = await playRounds(stage)
  const sections = [
    reportSizes(sizes),
    ...flowNames.map(flow => reportFlow(flow, runsOf(played, flow), afresh.name, floor.name)),
    reportRenders(
      runsOf(played, 'renewalByFrame') as Map<string, MeasuredRenewal[]>,
      runsOf(played, 'renewalByRefresh') as Map<string, MeasuredRenewal[]>,
      afresh.name,
    ),
    reportSharing(byName(sharedByFrame), byName(sharedByRefresh), afresh.name),
  ]
  const { measured, busy } = idleness()
  const rounds = played.get(floor)?.length
  const seconds = Math.round((Date.now() - startedAt) / 1000)
  const unsure = busy * 4 > measured ? ' Trust the counts, and no time.' : ''
  sections.push(
    `${rounds} rounds, ${seconds} s. ${busy} of ${measured} measurements began on a machine busy with other work.${unsure}`,
  )
  if (failures.length > 0) {
    sections.push(`Not measured:\n${failures.join('\n')}`)
    process.exitCode = 1
  }
  console.log(`\n${sections.join('\n\n')}\n`)
} finally {
  await stage.close()
}
