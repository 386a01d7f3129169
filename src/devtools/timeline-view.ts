import { h, sync, textParts } from './dom.ts'
import type { Entry } from './entries.ts'
import { type Filter, filterRows, type Row, rowsOf } from './timeline-rows.ts'
import { clockText } from './times.ts'

/** The second tab: what has happened, the newest last. */
export interface TimelineView {
  readonly element: HTMLElement
  /** These are the entries from now on; while it is paused it shows only that there are new ones. */
  take(entries: readonly Entry[]): void
  render(): void
  /** The entries that it shows, whatever the filter is. */
  readonly entries: readonly Entry[]
}

const kinds: readonly (readonly [value: Filter['kind'], label: string])[] = [
  ['all', 'Everything'],
  ['failures', 'Failures'],
  ['session', 'Session'],
  ['step-up', 'Step-ups'],
  ['prompt', 'Prompts'],
  ['window', 'Windows'],
]

/** How many pixels from its end a list counts as read to the end, and follows what is new. */
const nearEnd = 24

export function createTimelineView(): TimelineView {
  const text = h('input', { type: 'search', 'aria-label': 'Filter by text', placeholder: 'Filter' })
  const kind = h(
    'select',
    { 'aria-label': 'Kind' },
    ...kinds.map(([value, label]) => h('option', { value }, label)),
  )
  const pause = h('button', { type: 'button', 'aria-pressed': 'false' }, 'Pause')
  const clear = h('button', { type: 'button' }, 'Clear')
  const count = h('p', { class: 'soft' })
  const list = h('ol', { class: 'lines', tabindex: '0', 'aria-label': 'Timeline' })
  let latest: readonly Entry[] = []
  let paused: readonly Entry[] | null = null
  /** The last entry that was cleared away. */
  let cleared: Entry | null = null

  const visible = (): readonly Entry[] => after(cleared, paused ?? latest)
  const render = (): void => {
    const rows = rowsOf(visible())
    const fitting = filterRows(rows, { text: text.value, kind: kind.value as Filter['kind'] })
    const news = paused ? rowsOf(after(paused.at(-1) ?? null, latest)).length : 0
    sync(pause, [paused ? `Go on${news > 0 ? ` (${news} new)` : ''}` : 'Pause'])
    pause.setAttribute('aria-pressed', String(paused !== null))
    sync(count, [rows.length === 0 ? 'Nothing has happened yet.' : `${fitting.length} of ${rows.length}`])
    const follows = list.scrollHeight - list.scrollTop - list.clientHeight < nearEnd
    sync(list, fitting.map(rowItem))
    if (follows) list.scrollTop = list.scrollHeight
  }

  text.addEventListener('input', render)
  kind.addEventListener('change', render)
  pause.addEventListener('click', () => {
    paused = paused ? null : latest
    render()
  })
  clear.addEventListener('click', () => {
    cleared = latest.at(-1) ?? null
    if (paused) paused = latest
    render()
  })
  text.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || text.value === '') return
    // The next one closes the panel.
    event.preventDefault()
    text.value = ''
    render()
  })
  return {
    element: h(
      'div',
      { class: 'timeline' },
      h('div', { class: 'buttons' }, text, kind, pause, clear),
      count,
      list,
    ),
    take: entries => {
      latest = entries
    },
    render,
    get entries() {
      return visible()
    },
  }
}

/** What came after an entry; all where that is not there any more. */
function after(entry: Entry | null, entries: readonly Entry[]): readonly Entry[] {
  return entry ? entries.slice(entries.indexOf(entry) + 1) : entries
}

function rowItem({ at, type, tone, title, details, spans }: Row): HTMLElement {
  return h(
    'li',
    { 'data-tone': tone },
    h('time', { datetime: new Date(at).toISOString() }, clockText(at)),
    h(
      'div',
      {},
      h('strong', {}, title),
      ' ',
      h('code', {}, type),
      ...details.map(detail => h('p', {}, ...textParts(detail))),
      spans.length > 0 ? h('p', { class: 'soft' }, spans.join(', ')) : null,
    ),
  )
}
