/**
 * One decision of a guard, for logs and metrics. It has no token, code or key.
 * - `challenged`: the person has to authenticate first;
 * - `granted`: a login met the policy;
 * - `denied`: a proof, or the person who asks, was judged and refused;
 * - `used`: a grant was used up, and the operation that it is for did not throw;
 * - `replayed`: a proof or a grant was seen before;
 * - `refused`: the request was not judged, or its grant or access token does not hold;
 * - `unavailable`: the store or the OP failed, so nothing was decided.
 */
export interface AuditEvent {
  readonly event: 'challenged' | 'granted' | 'denied' | 'used' | 'replayed' | 'refused' | 'unavailable'
  /** What was decided about: a request to the endpoint, a sensitive call, or an access token. */
  readonly step: 'ask' | 'prove' | 'use' | 'access_token'
  /** When it was decided, in epoch milliseconds. */
  readonly at: number
  /** How long it took, in milliseconds with their fraction. */
  readonly duration: number
  /** Undefined as long as the request did not say it. */
  readonly action: string | undefined
  /** The person, as the guard names them. Undefined as long as they are not known; not verified in a `refused` event. */
  readonly sub: string | undefined
  /** The challenge's, or for `used`, and `granted`, the grant's. */
  readonly jti: string | undefined
  /** The app's `clientId`, or the client that an access token names. */
  readonly client: string | undefined
  /** Why not, in one word. */
  readonly reason: string | undefined
  /** Which claim or option does not fit. It may quote a claim, as far as it can be shown. */
  readonly detail: string | undefined
}
