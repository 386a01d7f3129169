/** An HTTP answer that has been read completely. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** There is no answer that can be read. `reason` says why, and the message too, in words that follow a URL. */
export class NoAnswer extends Error {
  readonly reason: 'unreachable' | 'slow' | 'too_large'

  constructor(reason: NoAnswer['reason'], what: string) {
    super(what)
    this.reason = reason
  }
}

const maxBytes = 512 * 1024

/**
 * Sends one request, as a page of `origin` would. It follows no redirect.
 *
 * @param seconds how long all of it may take
 * @throws {NoAnswer}
 */
export async function request(
  url: string,
  { origin, seconds, form }: { origin: string; seconds: number; form?: Record<string, string> },
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(seconds * 1000),
      headers: { Accept: 'application/json', Origin: origin },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    })
    const { status, headers } = response
    return { status, headers, text: await readText(response) }
  } catch (cause) {
    if (cause instanceof NoAnswer) throw cause
    const isSlow = cause instanceof Error && cause.name === 'TimeoutError'
    if (isSlow) throw new NoAnswer('slow', `gives no answer within ${seconds} s`)
    const { code } = ((cause as Error).cause ?? {}) as { code?: string }
    throw new NoAnswer('unreachable', `cannot be reached${code === undefined ? '' : ` (${code})`}`)
  }
}

/** Sends one request. Null where there is no answer, after `fail` has been told why, in words that follow the URL. */
export async function ask(
  url: string,
  patient: { origin: string; seconds: number; form?: Record<string, string> },
  fail: (what: string) => void,
): Promise<Answer | null> {
  try {
    return await request(url, patient)
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    fail(error.message)
    return null
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) throw new NoAnswer('too_large', 'answers with more than 512 KiB')
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** The JSON object in a text, or null when it is none. */
export function readObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** Whether a page of this origin may read the answer (CORS). */
export function mayRead({ headers }: Answer, origin: string): boolean {
  const allowed = headers.get('Access-Control-Allow-Origin')
  return allowed === '*' || allowed === origin
}
