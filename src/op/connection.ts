import { OidcClient, type OidcClientSettings, type OidcMetadata } from 'oidc-client-ts'
import { defined } from '../core/defined.ts'
import { discoveryUrl } from '../core/discovery-url.ts'
import { NetworkError } from '../core/errors.ts'
import { discover } from './discovery.ts'
import { asAuthError, overNetwork, undiscovered } from './errors.ts'
import { type ProviderMetadata, readMetadata } from './metadata.ts'
import { once } from './once.ts'
import type { OpenIdProviderOptions } from './openid-provider-types.ts'
import { askOp } from './time-limit.ts'

/** What the OP says of itself, and what makes requests to it. */
export interface Connection {
  readonly metadata: ProviderMetadata
  readonly oidc: OidcClient
}

/** Discovers the OP at the first call, unless the app says what there is to discover. All calls get the same connection; after a failure the next one tries again. */
export function createConnection(options: OpenIdProviderOptions): () => Promise<Connection> {
  const {
    issuer,
    clientId,
    callbackUrl,
    scope,
    timeLimit,
    now,
    metadataUrl,
    metadata: given,
    browser,
  } = options
  const settings: OidcClientSettings = {
    authority: issuer,
    client_id: clientId,
    redirect_uri: callbackUrl,
    scope,
    requestTimeoutInSeconds: timeLimit,
    ...defined({ metadataUrl }),
    // A verifier lives in its transaction and nowhere else.
    stateStore: {
      set: async () => {},
      get: async () => null,
      remove: async () => null,
      getAllKeys: async () => [],
    },
  }
  // With a limit of ours: that of oidc-client-ts ends with the headers, and a body may never end.
  return once(() =>
    askOp(browser.clock, timeLimit, async () => {
      const load = (): Promise<Partial<OidcMetadata>> => readDocument(settings, discoveryUrl(options))
      const metadata = given
        ? readMetadata(given, options)
        : await discover(options, load, now, browser.tabStorage)
      const known = { ...settings, metadata: metadata as Partial<OidcMetadata> }
      return { metadata, oidc: new OidcClient(known) }
    }),
  )
}

/** @param url named in a `NetworkError` */
async function readDocument(settings: OidcClientSettings, url: string): Promise<Partial<OidcMetadata>> {
  try {
    return await overNetwork(new OidcClient(settings).metadataService.getMetadata())
  } catch (cause) {
    const error = asAuthError(cause)
    throw error instanceof NetworkError ? undiscovered(url) : error
  }
}
