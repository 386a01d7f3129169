import { type AnonymousReason, anonymousReasons } from '../../core/machine/state.ts'
import type { TokenSet } from '../../core/tokens.ts'
import type { ReadTokens } from '../session/handed-over.ts'

/** The tabs of one browser that share one session. */
export interface Tabs {
  /** Runs the work in one tab at a time; a tab that crashes lets the next one go on. */
  exclusively<T>(work: () => Promise<T>): Promise<T>
  /** The first session of a sibling that will do; null when none answers, or none will. */
  ask(willDo: (tokens: TokenSet) => boolean): Promise<TokenSet | null>
  /** Hands this tab's session to the others, or tells them that it has ended. */
  tell(news: TabNews): void
  /** Starts listening, until the returned function is called. */
  listen(): () => void
}

export type TabNews =
  | { readonly type: 'session'; readonly tokens: TokenSet }
  | { readonly type: 'ended'; readonly reason: AnonymousReason }

type Message =
  | TabNews
  | { readonly type: 'ask' }
  | { readonly type: 'answer'; readonly tokens: TokenSet | null }

/** Its sender may be of another version, or no tab of ours at all. */
type Heard = { readonly type?: unknown; readonly tokens?: unknown; readonly reason?: unknown } | null

/** Milliseconds that a sibling, which may be asleep in the background, has to answer. */
const patience = 500

/**
 * Over a BroadcastChannel, with Web Locks to find out who is there and whose turn it is. Never over localStorage: who
 * gets a lock next may not see yet what the former holder wrote there.
 *
 * @param current this tab's session
 * @param onNews hears what the other tabs tell, but for answers to `ask`
 */
export function shareTabs(
  name: string,
  readTokens: ReadTokens,
  current: () => TokenSet | null,
  onNews: (news: TabNews) => void,
): Tabs {
  const channelName = `afresh:tabs:${name}`
  const presence = `afresh:tab:${name}`
  // Open while the client is mounted; what is told before or after goes through one of its own.
  let channel: BroadcastChannel | null = null
  let hearAnswer: ((tokens: TokenSet | null) => boolean) | null = null
  const hear = ({ data }: MessageEvent<Heard>): void => {
    if (data?.type === 'ask') send({ type: 'answer', tokens: current() })
    else if (data?.type === 'ended') onNews({ type: 'ended', reason: readReason(data.reason) })
    else if (data?.type === 'answer') hearAnswer?.(readTokens(data.tokens))
    else if (data?.type === 'session') {
      const tokens = readTokens(data.tokens)
      // What is told to everybody may be the answer as well.
      if (tokens && !hearAnswer?.(tokens)) onNews({ type: 'session', tokens })
    }
  }
  const send = (message: Message): void => {
    const out = channel ?? new BroadcastChannel(channelName)
    out.postMessage(message)
    if (!channel) out.close()
  }

  return {
    exclusively: work => navigator.locks.request(`afresh:renewal:${name}`, work) as ReturnType<typeof work>,

    ask: async willDo => {
      const { held = [] } = await navigator.locks.query()
      let silent = held.filter(lock => lock.name === presence).length - 1
      if (silent < 1 || !channel) return null
      return new Promise(resolve => {
        const settle = (tokens: TokenSet | null): void => {
          clearTimeout(timer)
          hearAnswer = null
          resolve(tokens)
        }
        const timer = setTimeout(() => settle(null), patience)
        hearAnswer = tokens => {
          const good = tokens !== null && willDo(tokens)
          if (good) settle(tokens)
          else if (--silent === 0) settle(null)
          return good
        }
        send({ type: 'ask' })
      })
    },

    tell: send,

    listen: () => {
      channel = new BroadcastChannel(channelName)
      channel.onmessage = hear
      const stay = new AbortController()
      const leave = new Promise<void>(resolve => stay.signal.addEventListener('abort', () => resolve()))
      void navigator.locks.request(presence, { mode: 'shared' }, () => leave)
      return () => {
        stay.abort()
        channel?.close()
        channel = null
      }
    },
  }
}

/** A session that has ended has ended, also for a reason that is not known here. */
function readReason(reason: unknown): AnonymousReason {
  return anonymousReasons.find(known => known === reason) ?? 'signed_out'
}

/** A tab on its own: it sends nothing and hears nothing. */
export const isolatedTab: Tabs = {
  exclusively: work => work(),
  ask: async () => null,
  tell: () => {},
  listen: () => () => {},
}
