import type { AuthClient } from '../client/auth-client.ts'
import { sync } from './dom.ts'
import { untilLoaded } from './entries.ts'
import { headlineOf } from './headline.ts'
import { createHost } from './host.ts'
import { readKept, writeKept } from './kept.ts'
import { nowView } from './now-view.ts'
import type { PanelOptions } from './options.ts'
import { pathView } from './path-view.ts'
import { reportOf } from './report.ts'
import { createShell, type Shell } from './shell.ts'
import { lookAt, type Sight, watch } from './sight.ts'
import { createTabs } from './tabs.ts'
import { createTimelineView } from './timeline-view.ts'

/** Milliseconds between two looks at the clock. */
const tick = 1000

/**
 * Shows the button and the panel.
 *
 * @param client the client that they show
 * @param options how they are shown
 * @returns a function that removes both
 */
export function showPanel(client: AuthClient, { corner, open, name }: PanelOptions): () => void {
  const kept = readKept(name)
  const before = untilLoaded(kept?.entries ?? [])
  const look = (): Sight => lookAt(client, before)
  const timeline = createTimelineView()
  const tabs = createTabs(['Now', 'Timeline', 'Path'], () => render())
  const [now, timelinePanel, path] = tabs.panels as [HTMLElement, HTMLElement, HTMLElement]
  timelinePanel.append(timeline.element)
  const shell = createShell(name, [tabs.list, ...tabs.panels], {
    onToggle: () => {
      render()
      if (shell.isOpen) tabs.focus()
    },
    onCopy: () => void copy(shell, { ...look(), entries: timeline.entries }),
  })

  const render = (): void => {
    const sight = look()
    shell.update(headlineOf(sight))
    timeline.take(sight.entries)
    if (!shell.isOpen) return
    if (tabs.selected === 'Now') sync(now, nowView(sight))
    if (tabs.selected === 'Timeline') timeline.render()
    if (tabs.selected === 'Path') sync(path, pathView(sight.entries))
  }

  now.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-control]') : null
    if (button) void runControl(shell, look().controls[Number(button.dataset.control)])
  })
  const keep = (): void =>
    writeKept(name, { isOpen: shell.isOpen, tab: tabs.selected, entries: look().entries })
  window.addEventListener('pagehide', keep)
  const unwatch = watch(client, once(render))
  const timer = setInterval(() => {
    if (shell.isOpen) render()
  }, tick)
  if (kept) tabs.select(kept.tab)
  shell.setOpen(kept?.isOpen ?? open)
  const host = createHost(corner)
  host.root.append(shell.element)
  render()
  return () => {
    window.removeEventListener('pagehide', keep)
    keep()
    unwatch()
    clearInterval(timer)
    host.remove()
  }
}

/** Does it once for all calls of a turn. */
function once(work: () => void): () => void {
  let isDue = false
  return () => {
    if (isDue) return
    isDue = true
    queueMicrotask(() => {
      isDue = false
      work()
    })
  }
}

async function copy(shell: Shell, sight: Sight): Promise<void> {
  const report = reportOf(sight, { browser: navigator.userAgent, at: Date.now() })
  try {
    await navigator.clipboard.writeText(report)
    shell.say('The report is in the clipboard. It has no tokens and names no person.')
  } catch {
    shell.say('This page may not write to the clipboard. Copy the report from here:')
    shell.offer(report)
  }
}

async function runControl(shell: Shell, control: Sight['controls'][number] | undefined): Promise<void> {
  if (!control) return
  try {
    await control.run()
    shell.say(`Done: ${control.label}`)
  } catch (error) {
    shell.say(`${control.label} failed: ${error instanceof Error ? error.message : String(error)}`)
  }
}
