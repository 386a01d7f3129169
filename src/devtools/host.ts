import { followModals } from './modals.ts'
import type { Corner } from './options.ts'
import { styles } from './styles.ts'

/** The element that everything is in: out of reach of the app's styles, and above all of it. */
export interface Host {
  readonly root: ShadowRoot
  remove(): void
}

/** What another part of the page must not take for its own: keys that are typed, clicks beside a menu, the focus. */
const ownEvents = [
  'keydown',
  'keypress',
  'keyup',
  'pointerdown',
  'mousedown',
  'touchstart',
  'click',
  'focusin',
]

export function createHost(corner: Corner): Host {
  const element = document.createElement('afresh-devtools')
  element.dataset.corner = corner
  const root = element.attachShadow({ mode: 'open' })
  adopt(root)
  for (const type of ownEvents)
    root.addEventListener(type, event => event.stopPropagation(), { passive: true })
  const stop = followModals(modal => moveTo(element, root, modal ?? document.body))
  return {
    root,
    remove: () => {
      stop()
      element.remove()
    },
  }
}

/** Every browser of `browserslist` can do it, and no policy forbids it. Elsewhere the panel is there without its looks. */
function adopt(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(styles)
    root.adoptedStyleSheets = [sheet]
  } catch {
    // As in jsdom.
  }
}

/** A popover is above all that came before it, so it is shown anew wherever it comes to. */
function moveTo(element: HTMLElement, root: ShadowRoot, parent: Element): void {
  if (element.parentNode === parent) return
  const focused = root.activeElement
  parent.append(element)
  if (typeof element.showPopover === 'function') {
    element.popover = 'manual'
    element.showPopover()
  }
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true })
}
