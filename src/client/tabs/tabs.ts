import { type AnonymousReason, anonymousReasons } from '../../core/machine/state.ts'
import type { TokenSet } from '../../core/tokens.ts'
import type { BrowserKeys } from '../browser.ts'
import type { ReadTokens } from '../session/read-handed-over-tokens.ts'
import { createQuestions } from './questions.ts'

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

/** What one tab tells the others. */
export type TabNews =
  | { readonly type: 'session'; readonly tokens: TokenSet }
  | { readonly type: 'ended'; readonly reason: AnonymousReason }

type Message =
  | TabNews
  | { readonly type: 'ask'; readonly id: string }
  /** `id` is the question's: a tab of an older version asks without one. */
  | { readonly type: 'answer'; readonly tokens: TokenSet | null; readonly id: string | undefined }

/** Its sender may be of another version, or no tab of ours at all. */
type Received = Partial<Readonly<Record<'type' | 'tokens' | 'reason' | 'id', unknown>>> | null

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
  // Open while the client is mounted; what is sent before or after goes through a channel of its own.
  let channel: BroadcastChannel | null = null
  const questions = createQuestions()

  const onMessage = ({ data }: MessageEvent<Received>): void => {
    if (data?.type === 'ask') send({ type: 'answer', tokens: current(), id: readId(data.id) })
    else if (data?.type === 'ended') onTabNews({ type: 'ended', reason: readReason(data.reason) })
    else if (data?.type === 'answer') questions.answer(readTokens(data.tokens), readId(data.id))
    else if (data?.type === 'session') {
      const tokens = readTokens(data.tokens)
      // What is sent to all tabs may be the answer as well.
      if (tokens && !questions.offer(tokens)) onTabNews({ type: 'session', tokens })
    }
  }

  const send = (message: Message): void => {
    const out = channel ?? new BroadcastChannel(tabsChannel)
    out.postMessage(message)
    if (!channel) out.close()
  }

  /** How many other tabs are there. */
  const countOthers = async (): Promise<number> => {
    const { held = [] } = await navigator.locks.query()
    return held.filter(lock => lock.name === presenceLock).length - 1
  }

  const ask: Tabs['ask'] = async willDo => {
    const others = await countOthers()
    if (others < 1 || !channel) return null
    return questions.ask(others, willDo, id => send({ type: 'ask', id }))
  }

  return {
    exclusively: work => navigator.locks.request(renewalLock, work) as ReturnType<typeof work>,

    ask,

    // What a tab sends arrives in order, so its answer comes after all that it had sent before.
    catchUp: async () => void (await ask(() => false)),

    send,

    listen: () => {
      channel = new BroadcastChannel(tabsChannel)
      channel.onmessage = onMessage
      const present = new AbortController()
      const gone = new Promise<void>(resolve => present.signal.addEventListener('abort', () => resolve()))
      void navigator.locks.request(presenceLock, { mode: 'shared' }, () => gone)
      return () => {
        present.abort()
        channel?.close()
        channel = null
      }
    },
  }
}

function readId(id: unknown): string | undefined {
  return typeof id === 'string' ? id : undefined
}

/** A session that has ended has ended, also for a reason that is not known here. */
function readReason(reason: unknown): AnonymousReason {
  return anonymousReasons.find(known => known === reason) ?? 'signed_out'
}

/** A tab on its own: it sends nothing and receives nothing. */
export const isolatedTab: Tabs = {
  exclusively: work => work(),
  ask: async () => null,
  catchUp: async () => {},
  send: () => {},
  listen: () => () => {},
}
