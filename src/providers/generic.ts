import { genericProfile, type ProviderProfile } from '../core/provider-profile.ts'

/**
 * Any OP that follows the specifications. What it can do is read from its discovery document: prompts
 * (`prompt_values_supported`), `acr` values (`acr_values_supported`), the `claims` parameter
 * (`claims_parameter_supported`), response modes, the `iss` of responses
 * (`authorization_response_iss_parameter_supported`), signature algorithms, revocation and logout.
 *
 * What no discovery document tells is assumed as the specifications have it, but for `max_age=0`, which is not sent. An
 * OP that shows a page where it should answer `prompt=none` with an error makes for a `timeout`, which signs nobody out;
 * one whose ID Tokens name nobody (§5.4 leaves that to userinfo) for people who are called by their `sub`.
 *
 * @param differences what is known to be otherwise
 * @see OpenID Connect Discovery 1.0 §3; RFC 9207 §3; Initiating User Registration via OpenID Connect 1.0 §3
 */
export function generic(differences: Partial<ProviderProfile> = {}): ProviderProfile {
  return { ...genericProfile, ...differences }
}
