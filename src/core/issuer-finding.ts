import { type DiscoveryPlace, discoveryUrl } from './discovery-url.ts'
import type { Finding } from './finding.ts'
import { isUrlOfOp } from './web-url.ts'

/**
 * Whether a discovery document is of the configured issuer, and if not, what to do. Otherwise the author of a document could
 * vouch for the tokens of another issuer.
 *
 * @param named what the document says
 * @see OpenID Connect Discovery 1.0 §4.3
 */
export function issuerFinding(named: unknown, place: DiscoveryPlace): Finding {
  const check = 'issuer'
  if (named === place.issuer)
    return { check, level: 'good', text: 'The discovery document names this issuer exactly.' }
  if (typeof named !== 'string')
    return { check, level: 'fail', text: 'The discovery document names no issuer.' }
  return {
    check,
    level: 'fail',
    text: `The discovery document names the issuer "${oneLine(named)}". ${advice(named, place)}`,
  }
}

function advice(named: string, place: DiscoveryPlace): string {
  const url = discoveryUrl(place)
  if (/[{}]/.test(named))
    return `That stands for the issuers of many tenants. For one tenant, set \`issuer\` to that tenant’s own. For several, set \`issuer\` to exactly that text and \`metadataUrl\` to "${url}", with a profile that lists their \`issuers\`, as entra({ tenants }) does.`
  if (!isUrlOfOp(named, place.issuer))
    return 'An issuer must be an https URL, so set the right one at the provider: its own public URL. FusionAuth has it in the settings of the tenant, under General.'
  if (discoveryUrl({ issuer: named }) === url) return 'Set `issuer` to exactly that.'
  return `If that is your provider, set \`issuer\` to exactly that, and \`metadataUrl\` to "${url}".`
}

/** It comes from outside, and a message has no use for more. */
const oneLine = (text: string): string => text.replace(/\p{C}/gu, ' ').slice(0, 200)
