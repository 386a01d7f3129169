import type { AuthWindow } from './windows.ts'

/** Milliseconds between two looks at a popup. */
const glance = 200
/** How many looks a page may take to get the focus back from a popup that was closed. */
const looks = 4

/**
 * Opens an empty popup at once, because browsers only allow it inside the click; `navigate` follows when the
 * request is ready. Null when the browser refuses.
 *
 * `onGone` hears that the popup is away: `closed` when it was at the OP and gave the focus back, `lost` when the browser
 * may only have cut the tie (one that shows a page with Cross-Origin-Opener-Policy reads as closed while it is alive).
 */
export function openPopup(onGone: (how: 'closed' | 'lost') => void): AuthWindow | null {
  const width = 480
  const height = 680
  const left = screenX + (outerWidth - width) / 2
  const top = screenY + (outerHeight - height) / 2
  const popup = open('about:blank', '_blank', `popup,width=${width},height=${height},left=${left},top=${top}`)
  if (!popup) return null
  let reachedOp = false
  let navigated = false
  let looked = 0
  const watch = setInterval(() => {
    if (!popup.closed) {
      reachedOp ||= !isReadable(popup)
      return
    }
    // Whoever closed it is back here; whoever went on to a page that cut the tie is still there.
    const isBack = document.hasFocus()
    if (!isBack && ++looked < looks) return
    clearInterval(watch)
    onGone(isBack && (reachedOp || !navigated) ? 'closed' : 'lost')
  }, glance)
  return {
    navigate: url => {
      navigated = true
      popup.location.replace(url)
    },
    close: () => {
      clearInterval(watch)
      popup.close()
    },
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
