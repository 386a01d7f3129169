import type { Channel } from '../op/browser.ts'

/** The channels of one browser: what is posted into one arrives in all others of its name, in order, and later. */
export interface Channels {
  open(name: string): Channel
}

/** @param onMessage is called when a message arrives anywhere */
export function createChannels(onMessage: () => void): Channels {
  const opened = new Map<string, Set<Channel>>()

  const deliver = (channel: Channel, data: unknown): void => {
    onMessage()
    channel.onmessage?.call(channel as BroadcastChannel, new MessageEvent('message', { data }))
  }

  return {
    open: name => {
      const all = opened.get(name) ?? new Set<Channel>()
      opened.set(name, all)
      const channel: Channel = {
        onmessage: null,
        postMessage: data => {
          for (const other of all) {
            if (other === channel) continue
            // Each gets a copy of its own, of what is posted now.
            const copy = structuredClone(data)
            void Promise.resolve().then(() => all.has(other) && deliver(other, copy))
          }
        },
        close: () => {
          if (all.delete(channel) && all.size === 0) opened.delete(name)
        },
      }
      all.add(channel)
      return channel
    },
  }
}
