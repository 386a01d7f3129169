import { GuardError } from './errors.ts'
import type { FreshnessGuard } from './guard.ts'
import type { BodyReader } from './message.ts'

/** As much of Hono's `Context` as is needed here, so that Hono need not be installed. */
export interface HonoContext {
  readonly req: { readonly raw: Request }
  /** On Node its `incoming` is the message that `raw` was made from. */
  readonly env?: unknown
}

/** The endpoint: `app.all('/api/freshness', freshness(guard))`. */
export function freshness(guard: Pick<FreshnessGuard, 'handler'>): (c: HonoContext) => Promise<Response> {
  return c => guard.handler(c.req.raw, shortcut(c.env))
}

/** Answers what `guard.require` throws: `app.onError(guardErrors)`. Any other error is thrown on. */
export function guardErrors(error: Error): Response {
  if (error instanceof GuardError) return error.toResponse()
  throw error
}

/** As much of Node's `IncomingMessage`. */
interface NodeMessage {
  /** Null until somebody wants its bytes. */
  readonly readableFlowing: boolean | null
  iterator(options: { readonly destroyOnReturn: boolean }): AsyncIterator<Uint8Array>
}

/** `raw.body` would have to be made first, which takes Node longer than all that the guard then does. */
function shortcut(env: unknown): BodyReader | undefined {
  const { incoming } = (env ?? {}) as { readonly incoming?: Partial<NodeMessage> }
  return incoming?.readableFlowing === null && incoming.iterator
    ? readerOf(incoming as NodeMessage)
    : undefined
}

function readerOf(message: NodeMessage): BodyReader {
  // To stop reading must not destroy the message: the answer goes by its connection.
  const chunks = message.iterator({ destroyOnReturn: false })
  return { read: () => chunks.next(), cancel: async () => chunks.return?.() }
}
