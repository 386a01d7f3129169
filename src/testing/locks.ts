import type { Locks } from '../op/browser.ts'

/** The Web Locks of one browser. */
export interface BrowserLocks {
  /** As one page sees them. */
  of(page: object): Locks
  /** The page goes away, and with it all that it holds and waits for. */
  leave(page: object): void
}

interface Request {
  readonly page: object
  readonly name: string
  readonly mode: LockMode
}

/** One that waits. */
interface Waiting extends Request {
  /** It is its turn. */
  readonly take: () => void
}

/**
 * Web Locks as far as a client needs them: exclusive and shared, `ifAvailable`, `steal`, and a signal that ends the
 * waiting. Who came first is served first.
 *
 * @see Web Locks API
 */
export function createLocks(): BrowserLocks {
  let held: readonly Request[] = []
  let waiting: readonly Waiting[] = []

  const isFree = ({ name, mode }: Request): boolean =>
    !held.some(other => other.name === name && !(other.mode === 'shared' && mode === 'shared'))

  const serve = (): void => {
    for (const one of waiting) {
      if (!isFree(one)) continue
      held = [...held, one]
      waiting = waiting.filter(other => other !== one)
      one.take()
    }
  }

  const release = (goes: (request: Request) => boolean): void => {
    held = held.filter(one => !goes(one))
    serve()
  }

  /** Resolves with the lock when it is held. */
  const wait = (request: Request, signal: AbortSignal | undefined): Promise<Request> =>
    new Promise((resolve, reject) => {
      const one: Waiting = { ...request, take: () => resolve(one) }
      waiting = [...waiting, one]
      signal?.addEventListener('abort', () => {
        waiting = waiting.filter(other => other !== one)
        reject(signal.reason)
      })
      serve()
    })

  return {
    of: page => ({
      request: async (name, { mode = 'exclusive', ifAvailable, steal, signal }, work) => {
        const request: Request = { page, name, mode }
        // Work that loses its lock goes on.
        if (steal) release(one => one.name === name)
        if (ifAvailable && !isFree(request)) return work(null)
        signal?.throwIfAborted()
        const lock = await wait(request, signal)
        try {
          return await work(lock)
        } finally {
          release(one => one === lock)
        }
      },
      query: async () => ({ held: held.map(({ name }) => ({ name })) }),
    }),
    leave: page => {
      waiting = waiting.filter(one => one.page !== page)
      release(one => one.page === page)
    },
  }
}
