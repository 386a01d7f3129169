/** One request, ready to be sent. */
export interface Shot {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The bytes of a POST. They are written by hand, because an HTTP client costs more than what it would measure. */
export function postBytes(url: string, { headers, body }: Shot): Buffer {
  const { host, pathname } = new URL(url)
  const lines = { Host: host, ...headers, 'Content-Length': String(Buffer.byteLength(body)) }
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`POST ${pathname} HTTP/1.1\r\n${head.join('')}\r\n${body}`)
}

/** Headers that promise a body, and its first byte: what an attacker sends without ever finishing it. */
export function unfinishedBytes(url: string): Buffer {
  const body = ' '.repeat(400)
  const whole = postBytes(url, { headers: { 'Content-Type': 'application/json' }, body })
  return whole.subarray(0, whole.length - body.length + 1)
}

/** An HTTP answer, as far as it is read here. */
export interface Answer {
  readonly status: number
  readonly body: string
}

/** The answer that the text holds; null while some of it is still to come, and for one without `Content-Length`. */
export function wholeAnswer(text: string): Answer | null {
  const end = text.indexOf('\r\n\r\n')
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1]
  if (end < 0 || length === undefined || text.length < end + 4 + Number(length)) return null
  return { status: Number(text.slice(9, 12)), body: text.slice(end + 4) }
}
