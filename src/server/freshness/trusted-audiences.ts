import type { TrustedAudiences } from '../../core/provider-profile.ts'
import { isOptionalWords, type Need } from '../setup/need.ts'
import { checkedRule, createRuleReport, type RuleReporting } from '../setup/rule.ts'

/**
 * Checks the option, and gives a copy of it, so that a list that the caller changes later trusts nothing more.
 *
 * @throws {ConfigurationError}
 */
export function readTrusted(
  trusted: TrustedAudiences,
  reporting: RuleReporting,
  need: Need,
): TrustedAudiences {
  if (typeof trusted === 'function')
    return checkedRule(trusted, createRuleReport('trustedAudiences', reporting))
  // An empty list takes back what the provider's profile trusts.
  const isList = Array.isArray(trusted) && (trusted.length === 0 || isOptionalWords(trusted))
  need(isList, 'trustedAudiences must be a list of audiences, or a function')
  return [...trusted]
}
