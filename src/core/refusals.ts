import type { ProviderProfile } from './provider-profile.ts'
import { parseUrl } from './web-url.ts'

/**
 * Why no browser app can use a provider, by the host of its issuer. Only what the provider's documentation says stands
 * here.
 *
 * @see https://developers.google.com/identity/openid-connect/openid-connect (credentials; `prompt`)
 * @see https://learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow
 * @see https://learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow-native
 */
const refusals: Readonly<Record<string, string>> = {
  'accounts.google.com':
    'Google redeems a code for a client secret only, and a browser app can keep none. Its prompts (none, consent, select_account) cannot ask for a new login either. Use a provider of your own that offers a sign-in with Google.',
  'www.linkedin.com':
    'LinkedIn redeems a code for a client secret only, and a browser app can keep none. Its PKCE is for native apps that come back to a loopback address. Use a provider of your own that offers a sign-in with LinkedIn.',
}

/** Why no browser app can use this provider, in words, or null. The issuer counts before the profile. */
export function refusalOf(
  issuer: string,
  profile: Pick<ProviderProfile, 'name' | 'refusal'> | undefined,
): string | null {
  const known = refusals[parseUrl(issuer)?.hostname ?? '']
  if (known !== undefined) return known
  return profile?.refusal === undefined ? null : `${profile.name}: ${profile.refusal}`
}
