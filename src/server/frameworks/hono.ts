import { ConfigurationError } from '../../core/errors.ts'
import type { FreshnessGuard } from '../freshness/guard.ts'
import { GuardError } from '../http/guard-error.ts'

/** The part of Hono's `Context` that is used here, so that Hono need not be installed. */
export interface HonoContext {
  readonly req: {
    readonly raw: Request
    /** The body, also when a middleware has read it by way of `c.req`. */
    arrayBuffer(): Promise<ArrayBuffer>
  }
  header(name: string, value: string, options: { append: boolean }): void
  newResponse(body: string | ReadableStream | null, like: Response): Response
  text(text: string, status: 500): Response
}

/** The endpoint: `app.all('/api/freshness', freshness(guard))`. */
export function freshness(guard: Pick<FreshnessGuard, 'handler'>): (c: HonoContext) => Promise<Response> {
  return async c => {
    const { raw } = c.req
    return answer(c, await guard.handler(raw.bodyUsed ? await readAgain(c) : raw))
  }
}

/**
 * Answers what `guard.require` throws: `app.onError(guardErrors)`. Any other error is answered as Hono does without an
 * error handler: an `HTTPException` by its own response, everything else by a 500 after `console.error`. An app that has a
 * handler of its own calls this one for each `GuardError`.
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

/** @throws {ConfigurationError} when the body cannot be found */
async function readAgain({ req }: HonoContext): Promise<Request> {
  const { url, method, headers } = req.raw
  try {
    return new Request(url, { method, headers, body: await req.arrayBuffer() })
  } catch (cause) {
    throw new ConfigurationError(
      'The freshness endpoint got a request whose body was read before: read it by `c.req`, not by `c.req.raw`',
      { cause },
    )
  }
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
