import { type Child, h, sync, textParts } from './dom.ts'
import type { Headline } from './headline.ts'

/** The button in the corner, and around the panel what is there in every tab. */
export interface Shell {
  readonly element: HTMLElement
  readonly isOpen: boolean
  /** Without moving the focus. */
  setOpen(isOpen: boolean): void
  update(headline: Headline): void
  /** Says how something ended that the person asked for. */
  say(text: string): void
  /** Shows a text for the person to copy, where the page may not do that. */
  offer(text: string): void
}

/** What the person asks for. */
export interface ShellHandlers {
  /** The panel has been opened or closed. */
  onToggle(): void
  onCopy(): void
}

/** @param name what the devtools are called */
export function createShell(name: string, content: readonly Child[], handlers: ShellHandlers): Shell {
  const title = `${name} devtools`
  const launcher = h('button', { type: 'button', class: 'launcher', 'aria-controls': 'panel' })
  const headline = h('div', { class: 'headline' })
  const copy = h('button', { type: 'button' }, 'Copy report')
  const close = h('button', { type: 'button', 'aria-label': 'Close' }, '×')
  const status = h('p', { role: 'status', class: 'soft' })
  const offered = h('textarea', { readonly: '', rows: '6', 'aria-label': 'Report' })
  const head = h('header', {}, h('h2', {}, title), copy, close)
  const panel = h('div', { class: 'panel', id: 'panel' }, head, headline, ...content, status, offered)
  const element = h('section', { 'aria-label': title, lang: 'en', dir: 'ltr' }, launcher, panel)

  const setOpen = (isOpen: boolean): void => {
    panel.hidden = !isOpen
    launcher.hidden = isOpen
    launcher.setAttribute('aria-expanded', String(isOpen))
    offered.hidden = true
    sync(status, [])
  }
  launcher.addEventListener('click', () => {
    setOpen(true)
    handlers.onToggle()
  })
  const shut = (): void => {
    setOpen(false)
    handlers.onToggle()
    launcher.focus()
  }
  close.addEventListener('click', shut)
  panel.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    // A modal dialog around it would take the key for its own.
    event.preventDefault()
    shut()
  })
  copy.addEventListener('click', () => handlers.onCopy())
  setOpen(false)
  return {
    element,
    get isOpen() {
      return !panel.hidden
    },
    setOpen,
    update: now => {
      launcher.dataset.tone = now.tone
      const failure = now.tone === 'bad' ? ', something failed' : ''
      sync(launcher, [h('span', { class: 'dot' }), `${name}: ${now.status}${failure}`])
      headline.dataset.tone = now.tone
      sync(headline, headlineParts(now))
    },
    say: text => {
      offered.hidden = true
      sync(status, [text])
    },
    offer: text => {
      offered.value = text
      offered.hidden = false
      offered.select()
    },
  }
}

function headlineParts({ status, tone, what, hint }: Headline): Child[] {
  const isCause = tone === 'bad'
  return [
    h('p', {}, isCause ? h('strong', {}, `${capital(status)}. `) : null, ...textParts(what)),
    hint === null ? null : h('p', {}, ...textParts(hint)),
  ]
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
