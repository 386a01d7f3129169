import { type Child, h, textParts } from './dom.ts'
import { actionText, type Fact, openFacts, sessionFacts, tokenFacts } from './facts.ts'
import type { Sight } from './sight.ts'
import { type StepUpLine, stepUpsOf, stepUpText } from './step-ups.ts'
import { clockText, relativeText, timeText } from './times.ts'

/** The first tab: how it stands now. */
export function nowView(sight: Sight): Child[] {
  const { state, now, controls, entries } = sight
  return [
    ...section('Session', factList(sessionFacts(state), now)),
    ...section('Tokens', factList(tokenFacts(sight), now)),
    ...section('On screen', factList(openFacts(state), now) ?? 'No prompt, and nothing is under way.'),
    ...section('Step-ups', stepUpList(stepUpsOf(entries))),
    ...section('Test client', controlList(controls)),
  ]
}

/** Nothing of a section that has nothing to say. */
function section(title: string, content: Child): Child[] {
  if (content === null) return []
  return [h('h3', {}, title), typeof content === 'string' ? h('p', { class: 'soft' }, content) : content]
}

function factList(facts: readonly Fact[], now: number): HTMLElement | null {
  if (facts.length === 0) return null
  const rows = facts.map(({ label, value }) =>
    h('div', {}, h('dt', {}, label), h('dd', { dir: 'auto' }, ...valueParts(value, now))),
  )
  return h('dl', {}, ...rows)
}

function valueParts(value: string | number, now: number): Child[] {
  if (typeof value === 'string') return textParts(value)
  return [relativeText(value, now), ' ', h('small', {}, timeText(value, now))]
}

function stepUpList(lines: readonly StepUpLine[]): HTMLElement | null {
  return lines.length === 0 ? null : h('ul', { class: 'lines' }, ...lines.map(stepUpItem))
}

function stepUpItem(line: StepUpLine): HTMLElement {
  const { action, reason, startedAt, endedAt } = line
  const tone = reason !== null ? 'bad' : endedAt === null ? 'wait' : 'good'
  return h(
    'li',
    { 'data-tone': tone },
    h('time', {}, clockText(startedAt).slice(0, 8)),
    h(
      'div',
      {},
      h('strong', {}, actionText(action)),
      `: ${stepUpText(line)}`,
      reason && h('p', {}, ...textParts(reason)),
    ),
  )
}

/** Their clicks are heard by the panel, which knows the controls by their places. */
function controlList(controls: Sight['controls']): HTMLElement | null {
  if (controls.length === 0) return null
  const buttons = controls.map(({ label }, index) =>
    h('button', { type: 'button', 'data-control': String(index) }, label),
  )
  return h('div', { class: 'buttons' }, ...buttons)
}
