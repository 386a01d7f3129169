import { type AnonymousReason, anonymousReasons } from '../../core/machine/state.ts'
import type { SessionTokens } from '../../core/tokens.ts'
import type { ReadTokens } from '../session/read-handed-over-tokens.ts'
import { isCount } from '../session/session-record.ts'

/** What one tab tells the others. */
export type TabNews =
  | { readonly type: 'session'; readonly tokens: SessionTokens }
  /** `epoch` has begun with that; undefined from a tab of an older version. */
  | { readonly type: 'ended'; readonly reason: AnonymousReason; readonly epoch: number | undefined }
  /** The OP has just said that it knows no person. */
  | { readonly type: 'none' }
  /** The tab leaves for the OP, to find out who is signed in. */
  | { readonly type: 'leaving' }

/** What goes through the channel. `id` is a question's: a tab of an older version asks and answers without one. */
export type TabMessage =
  | TabNews
  | { readonly type: 'ask'; readonly id: string | undefined }
  | {
      readonly type: 'answer'
      readonly tokens: SessionTokens | null
      /** The OP has just said that it knows no person. */
      readonly none: boolean
      readonly id: string | undefined
    }

/** Its sender may be of another version, or no tab of ours at all. */
export type Received = Partial<
  Readonly<Record<'type' | 'tokens' | 'none' | 'reason' | 'epoch' | 'id', unknown>>
> | null

/** Null for what is no message. */
export function readMessage(data: Received, readTokens: ReadTokens): TabMessage | null {
  const id = typeof data?.id === 'string' ? data.id : undefined
  switch (data?.type) {
    case 'ask':
      return { type: 'ask', id }
    case 'answer':
      return { type: 'answer', tokens: readTokens(data.tokens), none: data.none === true, id }
    case 'ended':
      return {
        type: 'ended',
        reason: readReason(data.reason),
        epoch: isCount(data.epoch) ? data.epoch : undefined,
      }
    case 'none':
    case 'leaving':
      return { type: data.type }
    case 'session': {
      const tokens = readTokens(data.tokens)
      return tokens && { type: 'session', tokens }
    }
    default:
      return null
  }
}

/** A session that has ended has ended, also for a reason that is not known here. */
function readReason(reason: unknown): AnonymousReason {
  return anonymousReasons.find(known => known === reason) ?? 'signed_out'
}
