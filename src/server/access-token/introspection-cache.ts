/** What a token says, according to the OP. */
export type Claims = Readonly<Record<string, unknown>>

/** One answer of the OP about a token. */
export interface Answer {
  /** Null: the token is not active. */
  readonly claims: Claims | null
  /** Epoch seconds. */
  readonly askedAt: number
  /** How many seconds from then on the answer may be used again. */
  readonly lifetime: number
}

/** The OP's answers about tokens, by the tokens' hashes. */
export interface Answers {
  /** The last answer that is kept, however old. */
  readonly get: (key: string) => Answer | undefined
  /** Whether the last answer was good, even if its time is over. Such a token was not made up. */
  readonly wasGood: (key: string) => boolean
  readonly keep: (key: string, answer: Answer, isGood: boolean) => void
}

/** How many refused tokens are remembered: enough for clients that try again, and never at the cost of good ones. */
const maxRefused = 1_000

/** Good answers and others are kept apart, so that made-up tokens push out no good one. The oldest goes first. */
export function createAnswers(maxGood: number): Answers {
  const good = new Map<string, Answer>()
  const refused = new Map<string, Answer>()
  return {
    get: key => good.get(key) ?? refused.get(key),
    wasGood: key => good.has(key),
    keep(key, answer, isGood) {
      // Deleting an entry also makes it the newest one when it is set again.
      good.delete(key)
      refused.delete(key)
      if (isGood) keepIn(good, key, answer, maxGood)
      else keepIn(refused, key, answer, maxRefused)
    },
  }
}

function keepIn(answers: Map<string, Answer>, key: string, answer: Answer, max: number): void {
  answers.set(key, answer)
  const [oldest] = answers.keys()
  if (answers.size > max && oldest !== undefined) answers.delete(oldest)
}
