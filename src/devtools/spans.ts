import type { Entry } from './entries.ts'
import { durationText } from './times.ts'

// How long things took: from an entry to the one that it led to.

/** What a time is measured from. */
type Start =
  | 'restore'
  | 'renewal'
  | 'freshness.asked'
  | 'freshness.granted'
  | 'proof.sent'
  | 'prompt.shown'
  | 'popup.opened'
  | 'redirect.started'
  | 'redirect.returned'

const starts: Readonly<Record<Start, string>> = {
  restore: 'the search began',
  renewal: 'the renewal began',
  'freshness.asked': 'the backend was asked',
  'freshness.granted': 'the grant',
  'proof.sent': 'the proof was sent',
  'prompt.shown': 'the question',
  'popup.opened': 'the window opened',
  'redirect.started': 'the page left',
  'redirect.returned': 'the page came back',
}

/** What is measured at an entry; `ends`: nothing after it is measured from there any more. */
const measured: Readonly<
  Record<string, { readonly from: readonly Start[]; readonly ends: readonly Start[] }>
> = {
  'session.restored': { from: ['restore'], ends: ['restore'] },
  'session.adopted': { from: ['restore'], ends: ['restore', 'renewal'] },
  'session.anonymous': { from: ['restore'], ends: ['restore', 'renewal', 'redirect.returned'] },
  'session.signed_out': { from: [], ends: ['restore', 'renewal'] },
  'session.signed_in': { from: ['popup.opened', 'redirect.returned'], ends: ['popup.opened', 'restore'] },
  'session.renewed': { from: ['renewal'], ends: ['renewal'] },
  'renewal.failed': { from: ['renewal'], ends: ['renewal'] },
  'freshness.challenged': { from: ['freshness.asked'], ends: [] },
  'freshness.granted': { from: ['proof.sent', 'freshness.asked'], ends: ['proof.sent', 'freshness.asked'] },
  'proof.sent': { from: ['popup.opened'], ends: ['popup.opened'] },
  'proof.denied': { from: ['proof.sent'], ends: ['proof.sent'] },
  'step_up.failed': { from: ['freshness.asked'], ends: ['freshness.asked', 'proof.sent'] },
  'grant.used': { from: ['freshness.granted'], ends: ['freshness.granted'] },
  'prompt.answered': { from: ['prompt.shown'], ends: ['prompt.shown'] },
  'popup.closed': { from: ['popup.opened'], ends: ['popup.opened'] },
  'interaction.failed': { from: ['popup.opened'], ends: ['popup.opened'] },
  'redirect.returned': { from: ['redirect.started'], ends: ['redirect.started'] },
}

/** For each entry how long it took, such as `40 ms after the proof was sent`; mostly nothing. */
export function spansOf(entries: readonly Entry[]): (readonly string[])[] {
  const openSince = new Map<string, number>()
  return entries.map(entry => {
    const [name, about] = subjectOf(entry)
    const { from, ends } = measured[name] ?? { from: [], ends: [] }
    const spans = from.flatMap(start => {
      const since = openSince.get(keyOf(start, about))
      return since === undefined
        ? []
        : `${durationText(Math.max(0, entry.at - since))} after ${starts[start]}`
    })
    for (const start of ends) openSince.delete(keyOf(start, about))
    if (Object.hasOwn(starts, name)) openSince.set(keyOf(name as Start, about), entry.at)
    return spans
  })
}

/** What an entry is called here, and what it is about: an action or a prompt. */
function subjectOf(entry: Entry): readonly [name: string, about: string] {
  if (entry.type === 'began') return [entry.work, '']
  if (entry.type !== 'logged') return [entry.type, '']
  const { event } = entry
  if ('prompt' in event) return [event.type, event.prompt]
  return [event.type, 'action' in event ? (event.action ?? '') : '']
}

/** Windows and silent work are about one thing at a time, whatever led to them. */
function keyOf(start: Start, about: string): string {
  return /^(freshness|proof|prompt)/.test(start) ? `${start} ${about}` : start
}
