import type { SessionTokens } from '../../core/tokens.ts'
import type { Browser } from '../../op/browser.ts'
import type { BrowserKeys } from '../browser.ts'
import { createMount } from '../mount.ts'
import type { ReadTokens } from '../session/read-handed-over-tokens.ts'
import { countHolders, holdShared, underLock } from './locks.ts'
import { createQuestions } from './questions.ts'
import { createTabChannel } from './tab-channel.ts'
import { readMessage, type TabNews } from './tab-messages.ts'

/** The tabs of one browser that share one session. */
export interface Tabs {
  /**
   * Runs the work in one tab at a time.
   *
   * @param lock which of the browser's locks
   * @param seconds that it takes at most. A tab that takes longer has stopped, and the next one goes on
   */
  exclusively<T>(lock: string, seconds: number, work: () => Promise<T>): Promise<T>
  /** The first session of a sibling that will do; null when none answers, or none will. */
  ask(willDo: (tokens: SessionTokens) => boolean): Promise<SessionTokens | null>
  /** Waits until all that the others had sent before is known here. */
  catchUp(): Promise<void>
  /** Hands this tab's session to the others, or tells them what it has found out. */
  send(news: TabNews): void
  /** Listens until the returned function is called. Several may listen at once. */
  listen(): () => void
}

/**
 * Over a BroadcastChannel, with Web Locks to find out which tabs are there and whose turn it is. Never over
 * localStorage: the tab that gets a lock next may not see yet what the former holder wrote there.
 *
 * @param whatIsKnown gives this tab's session, and whether the OP has just said that it knows no person
 * @param onTabNews hears what the other tabs send, but for answers to `ask`
 * @param disposed ends the listening, also of those who have not stopped it
 */
export function shareTabs(
  browser: Browser,
  { tabsChannel, presenceLock }: Pick<BrowserKeys, 'tabsChannel' | 'presenceLock'>,
  readTokens: ReadTokens,
  whatIsKnown: () => { readonly tokens: SessionTokens | null; readonly none: boolean },
  onTabNews: (news: TabNews) => void,
  disposed: AbortSignal,
): Tabs {
  const questions = createQuestions(browser.clock)
  const channel = createTabChannel(browser, tabsChannel, data => {
    const message = readMessage(data, readTokens)
    switch (message?.type) {
      case 'ask':
        return channel.send({ type: 'answer', ...whatIsKnown(), id: message.id })
      case 'answer': {
        const { tokens, none, id } = message
        // Before the question is settled.
        if (none) onTabNews({ type: 'none' })
        const { isTaken } = questions.answer(tokens, id)
        // The news of that session may still be on its way, and this is as good.
        if (tokens && !isTaken) onTabNews({ type: 'session', tokens })
        return
      }
      case 'ended':
      case 'none':
      case 'leaving':
        return onTabNews(message)
      case 'session':
        // What is sent to all tabs may be the answer as well.
        if (!questions.offer(message.tokens)) onTabNews(message)
    }
  })

  const ask: Tabs['ask'] = async willDo => {
    const others = (await countHolders(browser, presenceLock)) - 1
    if (others < 1 || !channel.isOpen) return null
    return questions.ask(others, willDo, id => channel.send({ type: 'ask', id }))
  }

  const listening = createMount(() => {
    const close = channel.open()
    const release = holdShared(browser, presenceLock)
    return () => {
      release()
      close()
    }
  })
  // Work that waits for a page to leave may still listen, for up to a minute.
  disposed.addEventListener('abort', listening.stop)

  return {
    exclusively: (lock, seconds, work) => underLock(browser, lock, seconds, work),
    ask,
    // What a tab sends arrives in order, so its answer comes after all that it had sent before.
    catchUp: async () => void (await ask(() => false)),
    send: channel.send,
    listen: listening.mount,
  }
}

/** A tab on its own: it sends nothing and receives nothing. */
export const isolatedTab: Tabs = {
  exclusively: (_lock, _seconds, work) => work(),
  ask: async () => null,
  catchUp: async () => {},
  send: () => {},
  listen: () => () => {},
}
