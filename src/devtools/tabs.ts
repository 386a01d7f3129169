import { h } from './dom.ts'

/** Tabs, each with its panel, by the keyboard pattern of the ARIA Authoring Practices. */
export interface Tabs {
  readonly list: HTMLElement
  /** In the order of their names. */
  readonly panels: readonly HTMLElement[]
  readonly selected: string
  select(name: string): void
  /** Puts the focus on the selected tab. */
  focus(): void
}

/** @param onSelect called when the person has selected another */
export function createTabs(names: readonly [string, ...string[]], onSelect: () => void): Tabs {
  const buttons = names.map(name =>
    h('button', { type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': `panel-${name}` }, name),
  )
  const panels = names.map(name =>
    h('div', { role: 'tabpanel', id: `panel-${name}`, 'aria-labelledby': `tab-${name}`, class: 'tab' }),
  )
  let [selected] = names
  const select = (wanted: string): void => {
    selected = names.find(name => name === wanted) ?? names[0]
    for (const [index, name] of names.entries()) {
      const isSelected = name === selected
      buttons[index]?.setAttribute('aria-selected', String(isSelected))
      buttons[index]?.setAttribute('tabindex', isSelected ? '0' : '-1')
      if (panels[index]) panels[index].hidden = !isSelected
    }
  }
  const focus = (): void => buttons[names.indexOf(selected)]?.focus()
  const list = h('div', { role: 'tablist', 'aria-label': 'What to see' }, ...buttons)
  const choose = (name: string | undefined): void => {
    if (name === undefined || name === selected) return
    select(name)
    onSelect()
  }
  for (const [index, button] of buttons.entries())
    button.addEventListener('click', () => choose(names[index]))
  list.addEventListener('keydown', event => {
    const next = target(event.key, names.indexOf(selected), names.length)
    if (next === undefined) return
    event.preventDefault()
    choose(names[next])
    focus()
  })
  select(selected)
  return {
    list,
    panels,
    get selected() {
      return selected
    },
    select,
    focus,
  }
}

/** Which tab a key leads to; undefined for a key that leads to none. They are in a row from left to right. */
function target(key: string, index: number, count: number): number | undefined {
  const targets: Readonly<Record<string, number>> = {
    ArrowRight: (index + 1) % count,
    ArrowLeft: (index + count - 1) % count,
    Home: 0,
    End: count - 1,
  }
  return targets[key]
}
