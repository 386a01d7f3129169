import { median, range, spread, usual } from './numbers.ts'
import type { Measured } from './page-loads.ts'
import type { FlowName } from './round.ts'
import { table, verdict } from './table.ts'
import { roundTrips } from './traffic.ts'

type Goal = (mine: readonly Measured[], floor: readonly Measured[]) => string

interface Flow {
  readonly title: string
  readonly goals: readonly Goal[]
}

const atMost =
  (limit: number, what: string, count: (one: Measured) => number): Goal =>
  mine => {
    if (mine.length === 0) return verdict(false, 'not measured')
    const counts = mine.map(count)
    return verdict(Math.max(...counts) <= limit, `${range(counts)} ${what} (goal: ${limit})`)
  }

const requests = (one: Measured): number => one.path.length
const toOp = (one: Measured): number =>
  [...one.path, ...one.afterwards].filter(({ to }) => to === 'op').length
const trips = (one: Measured): number => roundTrips(one.path)
const time = (runs: readonly Measured[]): number => median(runs.map(one => one.milliseconds))

const asFast: Goal = (mine, floor) => {
  const ratio = time(mine) / time(floor)
  if (Number.isNaN(ratio)) return verdict(false, 'no time')
  return verdict(ratio <= 1.1, `${ratio.toFixed(2)} × the floor's time (goal: 1.1)`)
}

/** The frame loads one tiny page that costs no request, and never the app. */
const tinyFrame: Goal = mine => {
  const all = [...new Set(mine.flatMap(documents).filter(name => name.includes('in frame')))]
  const once = mine.every(one => one.documents.filter(name => name.includes('in frame')).length === 1)
  const met = once && all.length === 1 && all[0] === 'callback in frame (cached)'
  return verdict(met, `in the frame: ${all.join(', ') || 'nothing'} (goal: callback, cached)`)
}

/** This checks the measurement, not afresh: a reload that takes its scripts from a cache does not belong here. */
const tookScripts: Goal = mine => {
  const counts = mine.map(one => one.path.filter(({ name }) => name === 'script').length)
  return verdict(
    Math.min(...counts) > 0,
    `${range(counts)} scripts fetched before the person shows (at least 1)`,
  )
}

const flows: Record<FlowName, Flow> = {
  signInByRedirect: {
    title: 'Cold sign-in by redirect: from the click until the app shows the person',
    goals: [atMost(5, 'round trips', trips), asFast],
  },
  signInByPopup: {
    title: 'Cold sign-in in a popup',
    goals: [atMost(5, 'round trips', trips), asFast],
  },
  reloadAlone: {
    title: 'Reload, no other tab: the session is restored by asking the OP',
    goals: [atMost(3, 'requests', requests), tinyFrame, asFast],
  },
  reloadWithEmptyCache: {
    title: 'Reload with an emptied HTTP cache, no other tab',
    goals: [tookScripts, atMost(5, 'round trips', trips), asFast],
  },
  reloadWithSibling: {
    title: 'Reload with a sibling tab open',
    goals: [atMost(0, 'requests to the OP', toOp), asFast],
  },
  newTabAlone: {
    title: 'A new tab, when all others are closed',
    goals: [atMost(3, 'round trips', trips), asFast],
  },
  renewalByFrame: {
    title: 'Renewal without a refresh token: a hidden frame',
    goals: [atMost(2, 'requests', requests), asFast],
  },
  renewalByRefresh: {
    title: 'Renewal where the OP gives refresh tokens',
    goals: [atMost(1, 'requests', requests), asFast],
  },
}

/** The flows in the order of the report. */
export const flowNames = Object.keys(flows) as FlowName[]

/** Writes a flow's table, with the goals of `judged` below it. */
export function reportFlow(
  flow: FlowName,
  runs: ReadonlyMap<string, readonly Measured[]>,
  judged: string,
  against: string,
): string {
  const floor = runs.get(against) ?? []
  const rows = [...runs].map(([name, of]) => [
    name,
    spread(of.map(one => one.milliseconds)),
    (time(of) / time(floor)).toFixed(2),
    range(of.map(requests)),
    range(of.map(toOp)),
    range(of.map(trips)),
    usual(of.map(one => one.path.map(({ name }) => name).join(' + '))),
    usual(of.map(one => one.afterwards.map(({ name }) => name).join(' + '))) || '–',
    usual(of.map(one => documents(one).join(', '))) || '–',
  ])
  const head = ['', 'ms', '× floor', 'requests', 'to OP', 'round trips', 'which', 'afterwards', 'documents']
  const goals = flows[flow].goals.map(goal => goal(runs.get(judged) ?? [], floor))
  return [`### ${flows[flow].title}`, '', table(head, rows), '', `${judged}: ${goals.join(' · ')}`].join('\n')
}

/** The pages that loaded. Those that no server was asked for came from the cache. */
function documents(one: Measured): string[] {
  const asked = [...one.path, ...one.afterwards].map(({ name }) => name)
  return one.documents.map(name => (asked.includes(name) ? name : `${name} (cached)`))
}
