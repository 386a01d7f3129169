import type { StepUpHeader } from '../../core/step-up-header.ts'
import { formatAuthenticate } from '../../core/www-authenticate.ts'

/**
 * Microsoft's demand for an authentication context, as header text: `insufficient_claims`, with a claims request in
 * base64. Microsoft documents one value only, so the preferred one is asked for; the RFC 9470 challenge that goes with
 * it has them all. Microsoft documents the scheme `Bearer` only, so there is none for another.
 *
 * `authorization_uri`, which Microsoft's page lists too, is left out: an API does not know which sign-in page its client
 * uses, and a client takes no address to sign in at from an API.
 *
 * @param acrValues in the order of preference
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export function formatClaimsChallenge(
  scheme: StepUpHeader['scheme'],
  [value]: readonly string[],
): string | undefined {
  if (scheme !== 'Bearer') return undefined
  const request = { access_token: { acrs: { essential: true, value } } }
  return formatAuthenticate(scheme, { error: 'insufficient_claims', claims: btoa(JSON.stringify(request)) })
}
