import type { SessionTokens } from '../../core/tokens.ts'

import type { BrowserClock } from '../../op/browser.ts'

/** Milliseconds that a sibling, which may be asleep in the background, has to answer. */
const answerTime = 500

/** What this tab has asked the others, and has no answer to yet. */
export interface Questions {
  /**
   * Waits for the first session that will do; null when every tab has answered without one, or the time is over.
   *
   * @param tabs how many are asked
   * @param send asks them, under this id
   */
  ask(
    tabs: number,
    willDo: (tokens: SessionTokens) => boolean,
    send: (id: string) => void,
  ): Promise<SessionTokens | null>
  /**
   * Takes one tab's answer. Every question may take the session.
   *
   * @param id of the question that it answers; undefined from a tab of an older version, and counts for all then
   */
  answer(tokens: SessionTokens | null, id: string | undefined): { readonly isTaken: boolean }
  /** Offers a session that was sent to all tabs. Whether a question takes it as its answer. */
  offer(tokens: SessionTokens): boolean
}

interface Question {
  readonly id: string
  readonly willDo: (tokens: SessionTokens) => boolean
  /** How many tabs have not answered. */
  outstanding: number
  readonly settle: (tokens: SessionTokens | null) => void
}

export function createQuestions(clock: Pick<BrowserClock, 'setTimer'>): Questions {
  const open = new Set<Question>()

  const offer = (tokens: SessionTokens): boolean => {
    const takers = [...open].filter(({ willDo }) => willDo(tokens))
    for (const { settle } of takers) settle(tokens)
    return takers.length > 0
  }

  return {
    offer,

    ask: (tabs, willDo, send) =>
      new Promise(resolve => {
        const settle = (tokens: SessionTokens | null): void => {
          stop()
          open.delete(question)
          resolve(tokens)
        }
        const stop = clock.setTimer(() => settle(null), answerTime)
        const question: Question = { id: crypto.randomUUID(), willDo, outstanding: tabs, settle }
        open.add(question)
        send(question.id)
      }),

    answer: (tokens, id) => {
      const isTaken = tokens !== null && offer(tokens)
      for (const question of open) {
        if (id !== undefined && id !== question.id) continue
        question.outstanding--
        if (question.outstanding === 0) question.settle(null)
      }
      return { isTaken }
    },
  }
}
