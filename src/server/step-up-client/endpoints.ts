import { unavailable } from '../http/refusal.ts'
import { parseUrl } from '../http/url.ts'
import { type DiscoverySource, isUrlOfOp, type Metadata, readMetadata, urlIn } from '../provider/discovery.ts'
import type { ProviderAccess } from '../provider/fetch-json.ts'
import { isWithin } from '../provider/within.ts'

/** What the OP's discovery document says for step-ups by a client of the guard's own. */
export interface Endpoints {
  /** Where requests are pushed; undefined where the OP takes none. @see RFC 9126 §5 */
  readonly push: URL | undefined
  readonly token: URL
  readonly metadata: Metadata
}

/** Finds the endpoints. Requests that come together share one fetch. */
export interface EndpointSource {
  /** @throws {Refusal} 503. `onError` has been told why */
  readonly find: () => Promise<Endpoints>
  /** Why the last attempt failed. */
  readonly failure: () => unknown
}

export interface EndpointOptions extends ProviderAccess, DiscoverySource {
  readonly pushed: 'required' | 'preferred'
  /** Called for each attempt that failed, once for all the requests that needed it. */
  readonly onError: (error: unknown) => void
}

/** For how many seconds a document is good. */
const lifetime = 600
/** Seconds between two attempts while an older document is in use, and while the OP lacks what is required. */
const cooldown = 30
/** Seconds between two attempts while there is no document at all. */
const pause = 1

/** Where requests cannot be pushed, and have to be. */
class NoPushError extends Error {}

/** Makes the source. An older document stays in use while the OP does not answer. */
export function createEndpoints(options: EndpointOptions): EndpointSource {
  const { now, onError } = options
  let current: { readonly endpoints: Endpoints; readonly askedAt: number } | undefined
  let pending: Promise<Endpoints> | undefined
  let failedAt = Number.NEGATIVE_INFINITY
  let failure: unknown

  async function renew(): Promise<Endpoints> {
    const askedAt = now()
    try {
      const endpoints = await readEndpoints(options)
      current = { endpoints, askedAt }
      return endpoints
    } catch (error) {
      failedAt = now()
      failure = error
      // An older document would say that it can be done.
      if (error instanceof NoPushError) current = undefined
      onError(error)
      throw unavailable(undefined)
    } finally {
      pending = undefined
    }
  }

  return {
    failure: () => failure,
    async find() {
      if (current && isWithin(lifetime, current.askedAt, now())) return current.endpoints
      const old = current?.endpoints
      const wait = old || failure instanceof NoPushError ? cooldown : pause
      if (isWithin(wait, failedAt, now())) {
        if (old) return old
        throw unavailable(undefined)
      }
      pending ??= renew()
      return pending.catch(error => current?.endpoints ?? Promise.reject(error))
    },
  }
}

async function readEndpoints(options: EndpointOptions): Promise<Endpoints> {
  const { issuer, pushed } = options
  const metadata = await readMetadata(options, options)
  const name = 'pushed_authorization_request_endpoint'
  const url = parseUrl(metadata[name])
  const push = isUrlOfOp(url, issuer) ? url : undefined
  if (push === undefined && pushed === 'required') {
    throw new NoPushError(
      `The issuer publishes no https ${name}, and stepUpClient.pushed is "required": turn pushed authorization requests on at the OP (RFC 9126), or use "preferred", which does without where it must`,
    )
  }
  return { push, token: urlIn(metadata, 'token_endpoint', issuer), metadata }
}
