import { type DiscoverySource, discover } from '../provider/discovery.ts'
import type { ProviderAccess } from '../provider/fetch-json.ts'
import { isWithin } from '../provider/within.ts'

/** How to find the introspection endpoint. */
export interface EndpointOptions extends ProviderAccess, DiscoverySource {
  /** The endpoint's URL, if the options give it. */
  readonly endpoint: string | undefined
}

/** Where the OP answers questions about tokens. */
export interface Endpoint {
  /** As the options or the discovery document say; requests that come together share one discovery. */
  readonly find: () => Promise<string | URL>
  /**
   * Says that no good answer came from there. The next `find` then asks discovery again, at most once in 30 seconds.
   */
  readonly forget: (url: string | URL) => void
}

/**
 * Seconds between two discoveries because of bad answers: a token that the OP cannot handle must not double its work.
 */
const cooldown = 30

/** Finds the introspection endpoint when it is first needed, and remembers it. */
export function createEndpoint({ endpoint, ...source }: EndpointOptions): Endpoint {
  let pending: Promise<URL> | undefined
  let known: URL | undefined
  let forgottenAt = Number.NEGATIVE_INFINITY

  async function ask(): Promise<URL> {
    try {
      known = await discover(source, 'introspection_endpoint', source)
      return known
    } finally {
      pending = undefined
    }
  }

  return {
    async find() {
      if (endpoint !== undefined) return endpoint
      if (known) return known
      pending ??= ask()
      return pending
    },
    forget(url) {
      const now = source.now()
      // A question that was asked at the old place says nothing about the new one.
      if (url !== known || isWithin(cooldown, forgottenAt, now)) return
      known = undefined
      forgottenAt = now
    },
  }
}
