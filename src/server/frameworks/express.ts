import type { FreshnessGuard } from '../freshness/guard.ts'
import { GuardError } from '../http/guard-error.ts'

/** As much of Express's `Request` (4 and 5) as is needed here, so that Express need not be installed. */
export interface ExpressRequest extends AsyncIterable<Uint8Array> {
  readonly method: string
  /** By the app's `trust proxy` setting. */
  readonly protocol: string
  readonly originalUrl: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Set when a body parser, such as `express.json()`, has read the request. */
  readonly body?: unknown
  resume(): unknown
  iterator(options: { readonly destroyOnReturn: boolean }): AsyncIterator<Uint8Array>
}

/** As much of Express's `Response`. */
export interface ExpressResponse {
  statusCode: number
  setHeader(name: string, value: string | string[]): unknown
  end(body?: string): unknown
}

type Next = (error?: unknown) => void
type Handler = (request: ExpressRequest, response: ExpressResponse, next: Next) => Promise<void>

const known = new WeakMap<ExpressRequest, Request>()

/**
 * The web-standard `Request` of an Express request, for `guard.require` and the others: the same one each time, since
 * a DPoP proof is good for one. Its body is the parsed one if there is one, else what has not been read yet.
 */
export function toRequest(request: ExpressRequest): Request {
  const made = known.get(request) ?? makeRequest(request)
  known.set(request, made)
  return made
}

/** The endpoint: `app.all('/api/freshness', freshness(guard))`, with or without `express.json()` before it. */
export function freshness(guard: Pick<FreshnessGuard, 'handler'>): Handler {
  return (request, response, next) =>
    Promise.resolve()
      .then(() => guard.handler(toRequest(request)))
      .then(answer => send(answer, response))
      .catch(next)
}

/** Answers what `guard.require` throws: `app.use(guardErrors)`, last. Any other error is passed on. */
export function guardErrors(
  error: unknown,
  _request: ExpressRequest,
  response: ExpressResponse,
  next: Next,
): void {
  if (error instanceof GuardError) send(error.toResponse(), response).catch(next)
  else next(error)
}

function makeRequest(request: ExpressRequest): Request {
  const { method, headers, body, protocol, originalUrl } = request
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map(one => [name, one]),
  )
  const hasBody = !/^(GET|HEAD)$/.test(method)
  const parsed = typeof body === 'string' ? body : JSON.stringify(body)
  const init = { method, headers: lines as [string, string][], duplex: 'half' }
  const content = body === undefined ? streamOf(request) : parsed
  return new Request(
    `${protocol}://${headers.host}${originalUrl}`,
    hasBody ? { ...init, body: content } : init,
  )
}

function streamOf(request: ExpressRequest): ReadableStream<Uint8Array> {
  // By itself the iterator would close the connection when we stop reading, and our 413 with it.
  const chunks = request.iterator({ destroyOnReturn: false })
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: () => void request.resume(),
  })
}

async function send(answer: Response, response: ExpressResponse): Promise<void> {
  response.statusCode = answer.status
  for (const [name, value] of answer.headers) if (name !== 'set-cookie') response.setHeader(name, value)
  const cookies = answer.headers.getSetCookie()
  if (cookies.length > 0) response.setHeader('Set-Cookie', cookies)
  response.end(await answer.text())
}
