import type { Browser } from '../../../src/op/browser.ts'
import { pageBrowser } from '../../../src/op/page-browser.ts'
import type { AuthWindow } from '../../../src/op/windows.ts'
import type { ScriptedNetwork } from '../../../src/testing/script.ts'
import { newLocks } from '../../support/locks.ts'

/** jsdom, with the locks that it has not, and with windows in which the pages of the scripted OP answer at once. */
export function openBrowser({ authorize }: ScriptedNetwork): Browser {
  return {
    ...pageBrowser,
    locks: newLocks(),
    openPopup: () => ({ ...openWindow(authorize), show: () => true }),
    openFrame: () => ({ ...openWindow(authorize), loadedPath: () => null, isElsewhere: () => false }),
  }
}

let source: Window | null = null

/** One for all windows: jsdom takes long to make another. */
function sourceOfAll(): Window | null {
  const frame = document.createElement('iframe')
  document.body.append(frame)
  // jsdom's takes no options.
  Object.assign(frame.contentWindow as object, { postMessage: () => {} })
  return frame.contentWindow
}

/** A window that comes back to the callback page, which hands the response to the page that opened it. */
function openWindow(authorize: ScriptedNetwork['authorize']): AuthWindow {
  source ??= sourceOfAll()
  return {
    source,
    navigate: url => {
      const data = { afresh_response: authorize(url) }
      const { origin } = location
      queueMicrotask(() => dispatchEvent(new MessageEvent('message', { source, origin, data })))
    },
    close: () => {},
  }
}
