import { isRecord } from '../../core/claims.ts'
import { ConfigurationError } from '../../core/errors.ts'
import type { FreshnessGuard } from '../freshness/guard.ts'
import { toResponse } from '../http/answer.ts'
import { isForm } from '../http/form-type.ts'
import { GuardError } from '../http/guard-error.ts'
import { failed } from '../http/refusal.ts'
import { writeForm } from './form.ts'
import { requestUrl } from './request-url.ts'

/** The part of a request that is used here, as Node's HTTP/1.1 and HTTP/2 servers give it to their listeners. */
export interface NodeRequest {
  /** As in Node's `http.IncomingMessage`. Default: `GET`. */
  readonly method?: string | undefined
  /** The request target, as in Node's `http.IncomingMessage`: a path with its query. */
  readonly url?: string | undefined
  /**
   * As in Node's `http.IncomingMessage`: values by names in small letters. The pseudo-headers of HTTP/2 may be among
   * them.
   */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The connection. Over TLS it has `encrypted: true`, like Node's `tls.TLSSocket`. */
  readonly socket: object
  /** What a body parser has made of the body. Undefined if no parser has read it. */
  readonly body?: unknown
  /** As in Node's `stream.Readable`: whether anything of the body has been read. */
  readonly readableDidRead: boolean
  /** As in Node's `stream.Readable`: reads the rest of the body and drops it. */
  resume(): unknown
  /**
   * As in Node's `stream.Readable`: gives the chunks of the body.
   *
   * @param options how the stream is read
   * @param options.destroyOnReturn whether the stream is destroyed when reading stops early
   */
  iterator(options: { readonly destroyOnReturn: boolean }): AsyncIterator<Uint8Array>
}

/** Methods that a web-standard `Request` cannot have (Fetch Standard §2.2.1). */
const unknownMethods = /^(?:CONNECT|TRACE|TRACK)$/i
/** The guard's own answers have it, so ours need it too: a cache must tell both apart by the same header. */
const vary = { Vary: 'Origin' }
const utf8 = new TextEncoder()
const known = new WeakMap<object, Request>()

/**
 * The Web-standard `Request` of a message. It is the same one each time, because a DPoP proof is good for one.
 *
 * @param identity what stays the same where the message is described anew each time. Default: the message
 * @throws {GuardError} `invalid_request`, when there is no such `Request`
 */
export function requestOf(
  message: NodeRequest,
  scheme: string,
  target: string,
  identity: object = message,
): Request {
  const made = known.get(identity) ?? makeRequest(message, scheme, target)
  known.set(identity, made)
  return made
}

/**
 * What the endpoint answers to a message.
 *
 * @throws {ConfigurationError} when the body was read before and cannot be found
 */
export async function answerOf<Message extends NodeRequest>(
  guard: Pick<FreshnessGuard, 'handler'>,
  message: Message,
  toRequest: (message: Message) => Request,
): Promise<Response> {
  if (unknownMethods.test(message.method ?? '')) {
    return toResponse(failed('method_not_allowed', { headers: { Allow: 'POST, OPTIONS', ...vary } }).answer)
  }
  if (isGone(message)) throw bodyIsGone()
  try {
    return await guard.handler(toRequest(message))
  } catch (error) {
    if (error instanceof GuardError) return error.toResponse()
    throw error
  }
}

function makeRequest(message: NodeRequest, scheme: string, target: string): Request {
  const { method = 'GET', headers } = message
  const host = [headers[':authority'] ?? headers.host].flat()[0]
  const url = requestUrl(scheme, host, target)
  if (!url) throw invalidRequest()
  const lines = Object.entries(headers)
    // Names with a colon are HTTP/2's pseudo-headers.
    .filter(([name]) => !name.startsWith(':'))
    .flatMap(([name, value]) => [value ?? []].flat().map((one): [string, string] => [name, one]))
  const body = /^(?:GET|HEAD)$/.test(method) ? null : bodyOf(message)
  // Without `duplex`, Node takes no stream for a body.
  const init = { method, headers: lines, body, duplex: 'half' }
  try {
    return new Request(url, init)
  } catch (cause) {
    throw invalidRequest(cause)
  }
}

function invalidRequest(cause?: unknown): GuardError {
  return new GuardError('invalid_request', failed('invalid_request', { headers: vary }).answer, { cause })
}

/**
 * Leaves the message alone until it is read itself: a parser may have read the message by then, or the app may want to.
 */
function bodyOf(message: NodeRequest): ReadableStream<Uint8Array> {
  let chunks: AsyncIterator<Uint8Array> | undefined
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!chunks && message.readableDidRead) {
          if (isGone(message)) throw bodyIsGone()
          controller.enqueue(bytesOf(message))
          return controller.close()
        }
        // By default the iterator closes the connection when we stop reading, and our 413 would be lost.
        chunks ??= message.iterator({ destroyOnReturn: false })
        const { done, value } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: () => void message.resume(),
    },
    { highWaterMark: 0 },
  )
}

/** Whether the body was read, and what was read is nowhere to be found. */
function isGone({ readableDidRead, body }: NodeRequest): boolean {
  return readableDidRead && body === undefined
}

function bodyIsGone(): ConfigurationError {
  return new ConfigurationError(
    'The body of this request was read before, and is gone. Put what was read into `request.body`, or call afresh first',
  )
}

/**
 * The body again, from what a parser has made of it.
 *
 * @throws {RangeError} for a value that is too deep to be written
 */
function bytesOf({ body, headers }: NodeRequest): Uint8Array {
  if (body instanceof Uint8Array) return body
  if (typeof body === 'string') return utf8.encode(body)
  const type = [headers['content-type']].flat()[0]
  return utf8.encode(isForm(type) && isRecord(body) ? writeForm(body) : JSON.stringify(body))
}
