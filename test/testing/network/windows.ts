// Stands in for `src/op/popup.ts` and `windows.ts`: the scripted OP answers at once what its pages are asked.
import { vi } from 'vitest'
import type * as Popup from '../../../src/op/popup.ts'
import type * as Windows from '../../../src/op/windows.ts'
import { frontChannel } from './front-channel.ts'

export const { receiveResponse } = await vi.importActual<typeof Windows>('../../../src/op/windows.ts')

export const openPopup: typeof Popup.openPopup = () => ({ ...openWindow(), show: () => true })

export const openFrame: typeof Windows.openFrame = () => ({ ...openWindow(), loadedPath: () => null })

/** A window whose page comes back to the callback page, which hands the response to the page that opened it. */
function openWindow(): Windows.AuthWindow {
  const frame = document.createElement('iframe')
  document.body.append(frame)
  const { contentWindow: source } = frame
  // jsdom's takes no options.
  Object.assign(source as object, { postMessage: () => {} })
  return {
    source,
    navigate: url => {
      const data = { afresh_response: frontChannel.authorize(url) }
      const { origin } = location
      queueMicrotask(() => dispatchEvent(new MessageEvent('message', { source, origin, data })))
    },
    close: () => frame.remove(),
  }
}
