import type { Browser, Channel } from '../../op/browser.ts'
import type { Received, TabMessage } from './tab-messages.ts'

/** The channel between tabs. Where the browser has none, or refuses it, nothing is sent and nothing is heard. */
export interface TabChannel {
  readonly isOpen: boolean
  /** Sends also while it is closed: then through a channel of its own. */
  send(message: TabMessage): void
  /** Listens until the returned function is called. */
  open(): () => void
}

export function createTabChannel(
  { openChannel }: Pick<Browser, 'openChannel'>,
  name: string,
  onMessage: (data: Received) => void,
): TabChannel {
  let channel: Channel | null = null
  return {
    get isOpen() {
      return channel !== null
    },
    send: message => {
      const out = channel ?? openChannel(name)
      out?.postMessage(message)
      if (!channel) out?.close()
    },
    open: () => {
      channel = openChannel(name)
      if (channel) channel.onmessage = ({ data }: MessageEvent<Received>) => onMessage(data)
      return () => {
        channel?.close()
        channel = null
      }
    },
  }
}
