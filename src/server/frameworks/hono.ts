import { ConfigurationError } from '../../core/errors.ts'
import type { FreshnessGuard } from '../freshness/guard.ts'
import { isForm } from '../http/form-type.ts'
import { GuardError } from '../http/guard-error.ts'

/** The part of Hono's `Context` that is used here, so that Hono need not be installed. */
export interface HonoContext {
  /** As in Hono: the request. */
  readonly req: {
    /** The Web-standard request, as Hono got it from the runtime. */
    readonly raw: Request
    /** The body. It can also be read after a middleware has read it by `c.req`. */
    arrayBuffer(): Promise<ArrayBuffer>
    /** The body as a form. It can also be read after a middleware has read it by `c.req`. */
    formData(): Promise<FormData>
  }
  /**
   * As in Hono: sets a header of the answer, or adds another of the same name.
   *
   * @param name the header's name
   * @param value the header's value
   * @param options how it is set
   * @param options.append whether to add the header instead of replacing it
   */
  header(name: string, value: string, options: { append: boolean }): void
  /**
   * As in Hono: makes an answer with the status of `like`, and with the headers that are set on the context.
   *
   * @param body the body of the answer
   * @param like has the status of the answer
   */
  newResponse(body: string | ReadableStream | null, like: Response): Response
  /**
   * As in Hono: makes an answer in plain text.
   *
   * @param text the body of the answer
   * @param status the HTTP status
   */
  text(text: string, status: 500): Response
}

/**
 * Gives the request with its body, also after a middleware has read the body by `c.req`, e.g. by `c.req.parseBody()`.
 * Use it for back-channel logout: `await guard.verifyLogoutToken(await toRequest(c))`. The other functions of the
 * guards read no body. Give them `c.req.raw` each time, because a DPoP proof is good for one `Request`.
 *
 * @param c the context of your handler
 * @throws {ConfigurationError} a `ConfigurationError`, if the body was read by `c.req.raw`, and is gone
 */
export async function toRequest({ req }: Pick<HonoContext, 'req'>): Promise<Request> {
  return req.raw.bodyUsed ? readAgain(req) : req.raw
}

/**
 * Makes the freshness endpoint: `app.all('/api/freshness', freshness(guard))`.
 *
 * @param guard a freshness guard
 * @returns the handler
 */
export function freshness(guard: Pick<FreshnessGuard, 'handler'>): (c: HonoContext) => Promise<Response> {
  return async c => answer(c, await guard.handler(await toRequest(c)))
}

/**
 * An error handler that answers what the guards throw, in `guard.require`, `guard.protect` and the others:
 * `app.onError(guardErrors)`. It answers any other error like Hono without an error handler: an `HTTPException` by its
 * own response, everything else with a 500 after `console.error`. If your app has an error handler of its own, return
 * `guardErrors(error, c)` from it for each `GuardError`.
 *
 * @param error what was thrown
 * @param c the context of the request
 * @returns the answer
 */
export function guardErrors(error: Error, c: HonoContext): Response | Promise<Response> {
  if (error instanceof GuardError) return answer(c, error.toResponse())
  if (hasResponse(error)) {
    const response = error.getResponse()
    return c.newResponse(response.body, response)
  }
  console.error(error)
  return c.text('Internal Server Error', 500)
}

function hasResponse(error: Error): error is Error & { getResponse(): Response } {
  return 'getResponse' in error && typeof error.getResponse === 'function'
}

async function readAgain(req: HonoContext['req']): Promise<Request> {
  const { url, method, headers } = req.raw
  try {
    return new Request(url, { method, headers, body: await bodyOf(req) })
  } catch (cause) {
    throw new ConfigurationError(
      'The body of this request was read before, and is gone: read it by `c.req`, not by `c.req.raw`',
      { cause },
    )
  }
}

async function bodyOf(req: HonoContext['req']): Promise<ArrayBuffer | URLSearchParams> {
  if (!isForm(req.raw.headers.get('Content-Type'))) return req.arrayBuffer()
  // After `c.req.formData()`, the bytes that Hono has are those of a multipart form.
  const fields = await req.formData()
  return new URLSearchParams([...fields].map(([name, value]) => [name, String(value)]))
}

/**
 * Our headers are set on the context, beside those that the app has set: Hono may drop a header of a response for the
 * app's of the same name.
 */
async function answer(c: HonoContext, response: Response): Promise<Response> {
  for (const [name, value] of response.headers) {
    c.header(name, value, { append: name === 'set-cookie' || name === 'vary' })
  }
  const text = await response.text()
  return c.newResponse(text || null, new Response(null, { status: response.status }))
}
