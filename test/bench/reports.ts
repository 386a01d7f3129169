import type { Renders } from './apps/shared/contender.ts'
import { range, usual } from './numbers.ts'
import { callers, type Shared, type Sharing, tabCount } from './sharing.ts'
import type { Size } from './sizes.ts'
import { table, verdict } from './table.ts'

/** Writes the table of sizes, and that of the lazy chunks. */
export function reportSizes(sizes: readonly Size[]): string {
  const rows = sizes.map(({ name, atOnce, later, packages }) => [
    name,
    `${atOnce}`,
    `${later}`,
    packages.join(', ') || '–',
  ])
  const head = ['', 'gzip bytes', 'loaded later', 'dependencies in it, unmodified']
  return ['### Size, without React', '', table(head, rows), '', reportLazyChunks(sizes)].join('\n')
}

function reportLazyChunks(sizes: readonly Size[]): string {
  const rows = sizes.flatMap(({ name, lazyChunks }) =>
    lazyChunks.map((chunk, index) => [
      index === 0 ? `${name} (${lazyChunks.length})` : '',
      chunk.name,
      `${chunk.gzip}`,
      chunk.packages.join(', ') || '–',
    ]),
  )
  if (rows.length === 0) return 'Nothing has lazy chunks.'
  return table(['lazy chunks of', 'name', 'gzip bytes', 'dependencies in it'], rows)
}

type Rendered = { readonly renders?: Renders }

/** Writes how often one renewal renders a component that reads one thing. */
export function reportRenders(
  byFrame: ReadonlyMap<string, readonly Rendered[]>,
  byRefresh: ReadonlyMap<string, readonly Rendered[]>,
  judged: string,
): string {
  const told = ({ renders }: Rendered): string =>
    renders ? `${renders.name} / ${renders.status} / ${renders.expiry}` : '?'
  const cell = (of: readonly Rendered[] = []): string => usual(of.map(told))
  const rows = [...byFrame].map(([name, of]) => [name, cell(of), cell(byRefresh.get(name))])
  const mine = [byFrame, byRefresh].flatMap(runs => (runs.get(judged) ?? []).map(told))
  const wrong = mine.length === 0 ? ['not measured'] : mine.filter(told => told !== '0 / 0 / 1')
  const head = ['', 'hidden frame', 'refresh token']
  const goal = verdict(wrong.length === 0, `${wrong[0] ?? '0 / 0 / 1'} (goal: 0 / 0 / 1)`)
  const title = '### Renders per renewal: reads the name / the status / the expiry'
  return [title, '', table(head, rows), '', `${judged}: ${goal}`].join('\n')
}

type SharingResults = ReadonlyMap<string, Sharing>

/** Writes how many token requests were made when many callers wanted a token at once. */
export function reportSharing(byFrame: SharingResults, byRefresh: SharingResults, judged: string): string {
  const rows = [...byFrame].map(([name, inFrame]) => {
    const refreshed = byRefresh.get(name)
    return [
      name,
      ...[inFrame.callers, inFrame.tabs, refreshed?.callers, refreshed?.tabs].map(runs => told(runs ?? [])),
    ]
  })
  const modes = ['hidden frame', 'refresh token']
  const head = ['', ...modes.flatMap(mode => [`${callers} callers, ${mode}`, `${tabCount} tabs, ${mode}`])]
  const mine = [byFrame, byRefresh].map(results => results.get(judged)).filter(one => one !== undefined)
  const most = (runs: readonly Shared[]): number =>
    runs.length === 0 ? Number.NaN : Math.max(...runs.map(one => one.tokenRequests))
  const worst = (what: keyof Sharing): number => Math.max(...mine.map(one => most(one[what])))
  const goals = [
    verdict(worst('callers') === 1, `${callers} callers: ${worst('callers')} (goal: 1)`),
    verdict(worst('tabs') === 1, `${tabCount} tabs: ${worst('tabs')} (goal: 1)`),
  ]
  const title =
    '### Token requests when all callers want a younger token at once (callers served, tokens given)'
  return [title, '', table(head, rows), '', `${judged}: ${goals.join(' · ')}`].join('\n')
}

function told(runs: readonly Shared[]): string {
  if (runs.length === 0) return 'not measured'
  const served = `${range(runs.map(one => one.served))}/${runs[0]?.asked} served`
  const tokens = range(runs.map(one => one.distinctTokens))
  const refused = Math.max(...runs.map(one => one.refused))
  return `${range(runs.map(one => one.tokenRequests))} (${served}, ${tokens} distinct${refused ? `, up to ${refused} refused` : ''})`
}
