import type { ProviderProfile } from './provider-profile.ts'
import { parseUrl } from './web-url.ts'

type Refused = Pick<ProviderProfile, 'name' | 'refusal'>

/**
 * Why no browser app can use Google.
 *
 * @see https://developers.google.com/identity/openid-connect/openid-connect (credentials; `prompt`)
 */
export const googleRefusal =
  'its token endpoint wants a client secret, which a browser app cannot keep, and its prompts (none, consent, select_account) cannot ask for a new login. Let people sign in with Google at a provider of your own, and use that provider.'

/** @see https://learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow and `-native` */
const linkedInRefusal =
  'its token endpoint wants a client secret, which a browser app cannot keep, and its PKCE is for native apps that come back to a loopback address. Let people sign in with LinkedIn at a provider of your own, and use that provider.'

/** By the host of the issuer. Only what the provider's documentation says stands here. */
const refused: Readonly<Record<string, Refused>> = {
  'accounts.google.com': { name: 'Google', refusal: googleRefusal },
  'www.linkedin.com': { name: 'LinkedIn', refusal: linkedInRefusal },
}

/** Why no browser app can use this provider: its name, and a reason in words; or null. The issuer counts before the profile. */
export function refusalOf(issuer: string, profile: Refused | undefined): string | null {
  const { name, refusal } = refused[parseUrl(issuer)?.hostname ?? ''] ?? profile ?? {}
  return refusal === undefined ? null : `${name}: ${refusal}`
}
