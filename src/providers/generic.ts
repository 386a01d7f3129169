import { genericProfile, type ProviderProfile } from '../core/provider-profile.ts'

/**
 * The profile of any OP that follows the specifications. What the OP can do is read from its discovery document:
 * prompts (`prompt_values_supported`), `acr` values (`acr_values_supported`), the `claims` parameter
 * (`claims_parameter_supported`), response modes, the `iss` of responses
 * (`authorization_response_iss_parameter_supported`), signature algorithms, revocation and logout.
 *
 * What a discovery document does not say is assumed to follow the specifications, except that `max_age=0` is not sent.
 * If an OP shows a page where it should answer `prompt=none` with an error, the result is a `timeout`, which signs no
 * person out. If its ID Tokens carry no name (§5.4 leaves that to userinfo), people are shown by their `sub`.
 *
 * @param differences what is known to differ at this OP
 * @see OpenID Connect Discovery 1.0 §3; RFC 9207 §3; Initiating User Registration via OpenID Connect 1.0 §3
 */
export function generic(differences: Partial<ProviderProfile> = {}): ProviderProfile {
  return { ...genericProfile, ...differences }
}
