import { createTimeLimit } from '../http/limits.ts'
import { readText } from '../http/read-text.ts'

/** Milliseconds that the OP has to answer: people wait meanwhile. */
const timeLimit = 5_000
/** Bytes. A key set of a hundred keys has a twentieth of it. */
const maxBytes = 1024 * 1024

/** What an answer of the OP says about the OP's clock. */
export interface AnswerTime {
  /** `Date`, in whole epoch seconds; null where it is absent or unreadable. */
  readonly date: number | null
  /** `Age`: seconds that the answer spent in caches; 0 where it is absent or unreadable. */
  readonly age: number
  /** When the headers were here: what `now` said then. */
  readonly receivedAt: number
}

/** How the OP is reached. */
export interface ProviderAccess {
  readonly fetch: typeof fetch
  /** Epoch seconds. */
  readonly now: () => number
  /** Told of each answer with status 200, before its body is read. Default: nothing is told. */
  readonly onAnswer?: ((answer: AnswerTime) => void) | undefined
}

/**
 * A JSON answer of the OP, by GET unless `init` says otherwise: at most 1 MiB, and five seconds for the whole of it. A
 * `fetch` that ignores its `signal` has five seconds for the headers and five for the body. Redirects are not followed,
 * since they could lead anywhere. What the JSON says is *not* checked.
 *
 * @throws when there is no answer with status 200 in time, or when it is too large or no JSON. No error quotes the answer
 */
export async function fetchJson(
  { fetch, now, onAnswer }: ProviderAccess,
  url: string | URL,
  init: Pick<RequestInit, 'method' | 'headers' | 'body'> = {},
): Promise<unknown> {
  const { pathname } = new URL(url)
  const inTime = createTimeLimit(timeLimit, () => new Error(`${pathname} of the OP did not answer in time`))
  const response = await inTime(
    fetch(url, {
      headers: { Accept: 'application/json' },
      ...init,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeLimit),
    }),
  )
  if (response.status !== 200) {
    // Else the connection stays taken until its body has been collected as garbage.
    response.body?.cancel().catch(() => {})
    throw new Error(`${pathname} of the OP answered ${response.status}`)
  }
  onAnswer?.({ ...readTimes(response.headers), receivedAt: now() })
  const tooLarge = (): Error => new Error(`${pathname} of the OP answered more than ${maxBytes} bytes`)
  const text = await readText(response.body, maxBytes, tooLarge, inTime)
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own error quotes what it read, which may be a token.
    throw new Error(`${pathname} of the OP answered what is no JSON`)
  }
}

/** @see RFC 9110 §5.6.7, RFC 9111 §5.1 */
function readTimes(headers: Headers): Pick<AnswerTime, 'date' | 'age'> {
  const date = headers.get('Date') ?? ''
  // Other forms are read as local time by some engines.
  const isDate = /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(date)
  const seconds = isDate ? Date.parse(date) / 1000 : Number.NaN
  const age = headers.get('Age') ?? ''
  return {
    date: Number.isSafeInteger(seconds) ? seconds : null,
    age: /^\d{1,10}$/.test(age) ? Number(age) : 0,
  }
}
