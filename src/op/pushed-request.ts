import { defined } from '../core/defined.ts'

/** An authorization request that the backend has sent to the OP: the browser only goes there (RFC 9126 §4). */
export interface PushedRequest {
  /** The backend's client, which is not this page's. */
  readonly clientId: string
  readonly requestUri: string
  /** What the response must have. */
  readonly state: string
}

/** The response to it. Only the backend can redeem the code. */
export interface PushedResponse {
  readonly code: string
  readonly state: string
  readonly iss?: string
}

/** Where the browser goes: nothing else is in the URL, so nothing can be taken out of it. */
export function pushedUrl(endpoint: string, { clientId, requestUri }: PushedRequest): string {
  const url = new URL(endpoint)
  url.searchParams.set('client_id', clientId)
  url.searchParams.set('request_uri', requestUri)
  return url.href
}

/** The parts of a response that has been checked. */
export function pushedResponse(
  code: string,
  { state }: Pick<PushedRequest, 'state'>,
  params: string,
): PushedResponse {
  const iss = new URLSearchParams(params).get('iss') ?? undefined
  return { code, state, ...defined({ iss }) }
}
