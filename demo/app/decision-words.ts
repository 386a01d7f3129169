import type { Decision } from '../api/decisions.ts'
import { decisions } from '../decisions.ts'
import { reasons } from './outcome.ts'
import type { Words } from './words.ts'

/** Says what the bank's server has decided. The sentence goes on after “The bank’s server”. */
export function decisionInWords({ event, reason }: Decision): Words {
  const why = reason !== undefined && reasons[reason]
  return {
    text: `${decisions[event]}${why ? `: ${why}` : ''}.`,
    tone: tones[event],
    ...(reason !== undefined && { code: reason }),
  }
}

const tones: Readonly<Record<Decision['event'], Words['tone']>> = {
  challenged: 'plain',
  pushed: 'plain',
  granted: 'good',
  used: 'good',
  denied: 'bad',
  replayed: 'bad',
  refused: 'bad',
  unavailable: 'bad',
}
