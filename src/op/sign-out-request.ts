import type { SignOutRequest } from '../core/provider-profile.ts'
import type { Connection } from './connection.ts'
import type { OpenIdProviderOptions, SignOutVisit } from './openid-provider-types.ts'

/** Stands for the state of a sign-out whose OP gives none back. The callback page knows this name too. */
const statelessSignOut = 'sign-out'

/**
 * Makes a sign-out request, as the specification says or as the provider's profile does; null when the OP has no page
 * for it.
 *
 * @see OpenID Connect RP-Initiated Logout 1.0 §2
 */
export async function makeSignOutRequest(
  idToken: string,
  { clientId, callbackUrl, profile }: OpenIdProviderOptions,
  { metadata, oidc }: Connection,
): Promise<SignOutVisit | null> {
  const { end_session_endpoint: listed } = metadata
  const { signOut } = profile
  if (signOut) {
    const endpoint = listed ?? signOut.endpoint
    return endpoint === undefined ? null : ownRequest(endpoint, idToken, { clientId, callbackUrl }, signOut)
  }
  if (listed === undefined) return null
  const { url, state } = await oidc.createSignoutRequest({
    client_id: clientId,
    id_token_hint: idToken,
    post_logout_redirect_uri: callbackUrl,
    // Without data to keep, oidc-client-ts sends no `state`.
    state: true,
  })
  return state ? { url, state: state.id } : null
}

// oidc-client-ts knows the specification's parameters only, and always sends a state with them.
function ownRequest(
  endpoint: string,
  idToken: string,
  { clientId, callbackUrl }: Pick<OpenIdProviderOptions, 'clientId' | 'callbackUrl'>,
  { returnParam, keepsState = true }: SignOutRequest,
): SignOutVisit {
  const state = keepsState ? crypto.randomUUID() : statelessSignOut
  const url = new URL(endpoint)
  url.searchParams.append('client_id', clientId)
  // A page with parameters of its own has no use for the token, which then need not be in a URL.
  if (returnParam === undefined) url.searchParams.append('id_token_hint', idToken)
  url.searchParams.append(returnParam ?? 'post_logout_redirect_uri', callbackUrl)
  if (keepsState) url.searchParams.append('state', state)
  return { url: url.href, state }
}
