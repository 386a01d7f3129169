import { markFrame } from './misplaced-app.ts'

/** A popup or a hidden frame at the OP. */
export interface AuthWindow {
  /** The window itself, as the messages that it sends name it. */
  readonly source: Window | null
  navigate(url: string): void
  close(): void
}

/** A hidden frame at the OP. */
export interface AuthFrame extends AuthWindow {
  /** The path of the page that it shows, when that is of this origin and has been loaded; else null. */
  loadedPath(): string | null
  /** Whether it has loaded a page of another origin, such as an error of the OP, or the browser's own in its place. */
  isElsewhere(): boolean
}

/** A hidden frame, for `prompt=none`. */
export function openFrame(): AuthFrame {
  const frame = document.createElement('iframe')
  frame.hidden = true
  frame.title = 'Session check'
  markFrame(frame)
  let isElsewhere = false
  frame.addEventListener('load', () => {
    isElsewhere = frame.contentDocument === null
  })
  document.body.append(frame)
  return {
    source: frame.contentWindow,
    // replace(): setting src would add an entry to the page's history.
    navigate: url => frame.contentWindow?.location.replace(url),
    close: () => frame.remove(),
    loadedPath: () => {
      const page = frame.contentDocument
      return page?.readyState === 'complete' && page.URL.startsWith('http')
        ? new URL(page.URL).pathname
        : null
    },
    isElsewhere: () => isElsewhere,
  }
}
