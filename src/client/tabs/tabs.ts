import type { TokenSet } from '../../core/tokens.ts'
import type { BrowserKeys } from '../browser.ts'
import type { ReadTokens } from '../session/read-handed-over-tokens.ts'
import { createQuestions } from './questions.ts'
import { type Received, readMessage, type TabMessage, type TabNews } from './tab-messages.ts'

/** The tabs of one browser that share one session. */
export interface Tabs {
  /** Runs the work in one tab at a time; a tab that crashes lets the next one go on. */
  exclusively<T>(work: () => Promise<T>): Promise<T>
  /** The first session of a sibling that will do; null when none answers, or none will. */
  ask(willDo: (tokens: TokenSet) => boolean): Promise<TokenSet | null>
  /** Waits until all that the others had sent before is known here. */
  catchUp(): Promise<void>
  /** Hands this tab's session to the others, or tells them that it has ended. */
  send(news: TabNews): void
  /** Starts listening, until the returned function is called. */
  listen(): () => void
}

/**
 * Over a BroadcastChannel, with Web Locks to find out which tabs are there and whose turn it is. Never over
 * localStorage: the tab that gets a lock next may not see yet what the former holder wrote there.
 *
 * @param current gives this tab's session
 * @param onTabNews hears what the other tabs send, but for answers to `ask`
 */
export function shareTabs(
  { tabsChannel, presenceLock, renewalLock }: BrowserKeys,
  readTokens: ReadTokens,
  current: () => TokenSet | null,
  onTabNews: (news: TabNews) => void,
): Tabs {
  const questions = createQuestions()
  const channel = createChannel(tabsChannel, data => {
    const message = readMessage(data, readTokens)
    switch (message?.type) {
      case 'ask':
        return channel.send({ type: 'answer', tokens: current(), id: message.id })
      case 'answer':
        return questions.answer(message.tokens, message.id)
      case 'ended':
        return onTabNews(message)
      case 'session':
        // What is sent to all tabs may be the answer as well.
        if (!questions.offer(message.tokens)) onTabNews(message)
    }
  })

  const ask: Tabs['ask'] = async willDo => {
    const others = (await countHolders(presenceLock)) - 1
    if (others < 1 || !channel.isOpen) return null
    return questions.ask(others, willDo, id => channel.send({ type: 'ask', id }))
  }

  return {
    exclusively: work => navigator.locks.request(renewalLock, work) as ReturnType<typeof work>,
    ask,
    // What a tab sends arrives in order, so its answer comes after all that it had sent before.
    catchUp: async () => void (await ask(() => false)),
    send: channel.send,
    listen: () => {
      const close = channel.open()
      const release = holdShared(presenceLock)
      return () => {
        release()
        close()
      }
    },
  }
}

interface Channel {
  readonly isOpen: boolean
  /** Sends also while it is closed: then through a channel of its own. */
  send(message: TabMessage): void
  /** Starts listening, until the returned function is called. */
  open(): () => void
}

function createChannel(name: string, onMessage: (data: Received) => void): Channel {
  let channel: BroadcastChannel | null = null
  return {
    get isOpen() {
      return channel !== null
    },
    send: message => {
      const out = channel ?? new BroadcastChannel(name)
      out.postMessage(message)
      if (!channel) out.close()
    },
    open: () => {
      channel = new BroadcastChannel(name)
      channel.onmessage = ({ data }: MessageEvent<Received>) => onMessage(data)
      return () => {
        channel?.close()
        channel = null
      }
    },
  }
}

/** Holds a lock that every tab may hold at once, until the returned function is called. */
function holdShared(name: string): () => void {
  const held = new AbortController()
  const released = new Promise<void>(resolve => held.signal.addEventListener('abort', () => resolve()))
  void navigator.locks.request(name, { mode: 'shared' }, () => released)
  return () => held.abort()
}

async function countHolders(name: string): Promise<number> {
  const { held = [] } = await navigator.locks.query()
  return held.filter(lock => lock.name === name).length
}

/** A tab on its own: it sends nothing and receives nothing. */
export const isolatedTab: Tabs = {
  exclusively: work => work(),
  ask: async () => null,
  catchUp: async () => {},
  send: () => {},
  listen: () => () => {},
}
