import type { Reply } from './storm-op.ts'

/** A turn of the real event loop: whatever follows without a timer has happened. */
export function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

export type Post = (from: StormChannel | null, name: string, data: unknown) => void

export class StormChannel {
  readonly name: string
  onmessage: ((event: { readonly data: unknown }) => void) | null = null
  readonly #open: Set<StormChannel>
  readonly #post: Post
  #lastAt = 0

  constructor(name: string, open: Set<StormChannel>, post: Post) {
    this.name = name
    this.#open = open
    this.#post = post
    open.add(this)
  }

  postMessage(data: unknown): void {
    if (!this.#open.has(this)) throw new DOMException('The channel is closed', 'InvalidStateError')
    this.#post(this, this.name, data)
  }

  close(): void {
    this.#open.delete(this)
  }

  protected hear(data: unknown): void {
    if (this.#open.has(this)) this.onmessage?.({ data })
  }

  /** @param now of a clock that is never put right */
  receive(data: unknown, delay: number, now: number): void {
    const hear = (): void => this.hear(data)
    this.#lastAt = Math.max(now + delay, this.#lastAt)
    if (this.#lastAt > now) setTimeout(hear, this.#lastAt - now)
    else queueMicrotask(hear)
  }
}

export class StormPopup {
  closed = false
  readonly location: { readonly href: string; replace(url: string): void }

  constructor(visit: (url: string) => void) {
    let isAway = false
    this.location = {
      get href() {
        if (isAway) throw new DOMException('Blocked a frame', 'SecurityError')
        return 'about:blank'
      },
      replace: url => {
        isAway = true
        visit(url)
      },
    }
  }

  readonly focus = (): void => {}

  readonly close = (): void => {
    this.closed = true
  }
}

export class StormRequest {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly signal: AbortSignal
  readonly body: string

  constructor(from: string | StormRequest, { method, headers, body, signal }: RequestInit = {}) {
    const other = from instanceof StormRequest ? from : null
    this.url = typeof from === 'string' ? from : from.url
    this.method = method ?? other?.method ?? 'GET'
    this.headers = new Headers(headers ?? other?.headers)
    this.signal = signal ?? other?.signal ?? new AbortController().signal
    this.body = String(body ?? other?.body ?? '')
  }

  clone(): StormRequest {
    return new StormRequest(this)
  }

  async text(): Promise<string> {
    return this.body
  }
}

/** @param cut given when the body never ends; it goes with the signal */
export function response({ status, type, body, authenticate }: Reply, cut?: AbortSignal): unknown {
  const read = (): Promise<string> =>
    cut
      ? new Promise((_, reject) => {
          if (cut.aborted) reject(cut.reason)
          cut.addEventListener('abort', () => reject(cut.reason), { once: true })
        })
      : Promise.resolve(body)
  return {
    status,
    ok: status < 300,
    headers: new Headers({
      'Content-Type': type,
      ...(authenticate !== undefined && { 'WWW-Authenticate': authenticate }),
    }),
    text: read,
    json: async () => JSON.parse(await read()),
  }
}
