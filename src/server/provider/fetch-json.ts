import { isRecord } from '../../core/claims.ts'
import { maxRedirects, redirectTarget } from '../../core/discovery-url.ts'
import { createTimeLimit } from '../http/limits.ts'
import { readText } from '../http/read-text.ts'
import { parseUrl } from '../http/url.ts'

/** How many milliseconds the OP has to answer, while a person waits. */
const timeLimit = 5_000
/** Bytes: twenty times the size of a key set of a hundred keys. */
const maxBytes = 1024 * 1024

/** What an answer of the OP says about the OP's clock. */
export interface AnswerTime {
  /** `Date`, in whole epoch seconds; null where it is absent or unreadable. */
  readonly date: number | null
  /** `Age`: seconds that the answer spent in caches; 0 where it is absent or unreadable. */
  readonly age: number
  /** When the headers arrived, by `now`. */
  readonly receivedAt: number
}

/** How the OP is reached. */
export interface ProviderAccess {
  readonly fetch: typeof fetch
  /** Epoch seconds. */
  readonly now: () => number
  /** Called with each answer whose body is wanted, before it is read. Default: not called. */
  readonly onAnswer?: ((answer: AnswerTime) => void) | undefined
}

/** What is asked. Default: a GET that follows no redirect. */
export interface JsonRequest extends Pick<RequestInit, 'method' | 'headers' | 'body'> {
  /** Whether a redirect to this URL is followed. Default: none is, since it could lead anywhere. */
  readonly mayFollow?: (target: URL) => boolean
}

/** JSON of the OP, and the status that it came with. */
export interface JsonAnswer {
  readonly status: number
  readonly body: unknown
}

/**
 * Fetches a JSON answer of the OP. What the JSON says is *not* checked.
 *
 * @throws as `fetchAnswer`, and for any status but 200
 */
export async function fetchJson(
  access: ProviderAccess,
  url: string | URL,
  request: JsonRequest = {},
): Promise<unknown> {
  return (await fetchAnswer(access, url, request)).body
}

/**
 * The same where other statuses have answers too. The answer may be 1 MiB long, and take five seconds in all, with its
 * redirects. A `fetch` that ignores its `signal` has five seconds for each answer's headers and five for the body.
 *
 * @param isAnswer whether the JSON of an answer with this status is wanted. Default: that of 200
 * @throws when there is no such answer in time, or when the answer is too large or no JSON. No error quotes the answer
 */
export async function fetchAnswer(
  { fetch, now, onAnswer }: ProviderAccess,
  url: string | URL,
  { mayFollow = () => false, ...init }: JsonRequest,
  isAnswer: (status: number) => boolean = status => status === 200,
): Promise<JsonAnswer> {
  const { pathname } = new URL(url)
  const inTime = createTimeLimit(timeLimit, () => new Error(`${pathname} of the OP did not answer in time`))
  const signal = AbortSignal.timeout(timeLimit)
  const ask = async (from: string | URL, redirectsLeft: number): Promise<Response> => {
    const asked = fetch(from, {
      headers: { Accept: 'application/json' },
      ...init,
      redirect: 'manual',
      signal,
    })
    const response = await inTime(asked).catch(cause => {
      throw new Error(`${from} of the OP gave no answer${networkCode(cause)}`, { cause })
    })
    const target = redirectTarget(response.status, response.headers.get('Location'), String(from))
    const next = target === null ? null : parseUrl(target)
    if (next === null || redirectsLeft === 0 || !mayFollow(next)) return response
    discard(response)
    return ask(next, redirectsLeft - 1)
  }
  const response = await ask(url, maxRedirects)
  const { status } = response
  if (!isAnswer(status)) {
    discard(response)
    throw new Error(`${pathname} of the OP answered ${status}`)
  }
  onAnswer?.({ ...readTimes(response.headers), receivedAt: now() })
  const tooLarge = (): Error => new Error(`${pathname} of the OP answered more than ${maxBytes} bytes`)
  const text = await readText(response.body, maxBytes, tooLarge, inTime)
  try {
    return { status, body: JSON.parse(text) }
  } catch {
    // The parser's own error quotes what it read, which may be a token.
    throw new Error(`${pathname} of the OP answered with something other than JSON`)
  }
}

/** Node's code for what failed, such as ` (ECONNREFUSED)`. Another runtime, or another `fetch`, may have none. */
function networkCode(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  const code = isRecord(cause) ? cause.code : undefined
  return typeof code === 'string' && /^[A-Z][A-Z\d_]*$/.test(code) ? ` (${code})` : ''
}

/** Otherwise the connection stays in use until its body is collected as garbage. */
function discard({ body }: Response): void {
  body?.cancel().catch(() => {})
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
