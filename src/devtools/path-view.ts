import { type Child, h } from './dom.ts'
import type { Entry } from './entries.ts'
import { pathOf, type Stop } from './machine-path.ts'
import { clockText } from './times.ts'

/** The third tab: the way of the state machine, the newest place last. */
export function pathView(entries: readonly Entry[]): Child[] {
  const path = pathOf(entries)
  const hint = 'Where the state machine has been: each place, and the event that led there.'
  const list = h(
    'ol',
    { class: 'lines path', tabindex: '0', 'aria-label': 'Path of the state machine' },
    ...path.map(stopItem),
  )
  return [h('p', { class: 'soft' }, hint), path.length === 0 ? h('p', {}, 'It has not moved yet.') : list]
}

function stopItem({ at, session, interactions, event }: Stop): HTMLElement {
  return h(
    'li',
    {},
    h('time', {}, clockText(at)),
    h(
      'div',
      {},
      event && h('code', {}, event),
      h('strong', {}, session),
      ...interactions.map(interaction => h('span', { class: 'chip' }, interaction)),
    ),
  )
}
