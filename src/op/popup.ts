import type { AuthWindow } from './windows.ts'

/** A popup that a person sees. */
export interface Popup extends AuthWindow {
  /** Brings it to the front. False when it is closed, or the browser has cut the tie to it. */
  show(): boolean
}

/** Milliseconds between two looks at a popup. */
const lookInterval = 200
/** How many looks a page may take to get the focus back from a popup that was closed. */
const looksForFocus = 4

/**
 * Opens an empty popup at once, because browsers only allow it inside the click; `navigate` follows when the
 * request is ready. Null when the browser refuses.
 *
 * `onGone` is called when the popup is gone: with `closed` when the person closed it, which gives the focus back to this
 * page; with `lost` when the browser may only have cut the tie. A popup that shows a page with
 * Cross-Origin-Opener-Policy reads as closed while it is still there.
 */
export function openPopup(onGone: (how: 'closed' | 'lost') => void): Popup | null {
  const width = 480
  const height = 680
  const left = screenX + (outerWidth - width) / 2
  const top = screenY + (outerHeight - height) / 2
  const popup = openWindow(`popup,width=${width},height=${height},left=${left},top=${top}`)
  if (!popup) return null
  let reachedOp = false
  let navigated = false
  let looked = 0
  const watch = setInterval(() => {
    if (!popup.closed) {
      reachedOp ||= !isReadable(popup)
      return
    }
    // A person who closed it is back here; one whose popup went on to a page that cut the tie is still there. A popup
    // that has not left yet has shown no page that could cut it.
    const isBack = document.hasFocus()
    if (navigated && !isBack && ++looked < looksForFocus) return
    clearInterval(watch)
    onGone(!navigated || (isBack && reachedOp) ? 'closed' : 'lost')
  }, lookInterval)
  return {
    source: popup,
    navigate: url => {
      navigated = true
      popup.location.replace(url)
    },
    show: () => {
      popup.focus()
      return !popup.closed
    },
    close: () => {
      clearInterval(watch)
      popup.close()
    },
  }
}

/** Null where the browser refuses: some throw instead, as in a sandbox. */
function openWindow(features: string): Window | null {
  try {
    return open('about:blank', '_blank', features)
  } catch {
    return null
  }
}

/** A window that shows another origin's page cannot be read, so it has reached the OP and is still tied to us. */
function isReadable(popup: Window): boolean {
  try {
    return Boolean(popup.location.href)
  } catch {
    return false
  }
}
