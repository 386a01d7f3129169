import type { ProfileGuess } from './guess-profile.ts'
import { iatLag, type Outcome, type Outcomes, type Refreshed, stepFinding } from './outcome.ts'
import type { Finding, Metadata } from './report.ts'
import { reliance } from './step-up-verdict.ts'
import type { StepName } from './steps.ts'

/** All findings of a walk. The last one says what a step-up can rely on. */
export function findingsOf(
  outcomes: Outcomes,
  refreshed: Refreshed,
  metadata: Metadata,
  profile: ProfileGuess,
): Finding[] {
  const names = Object.keys(outcomes) as StepName[]
  const findings = names.flatMap(name => stepFinding(name, outcomes) ?? [])
  const first = outcomes['sign-in']
  if (first === undefined) findings.push({ check: 'sign-in', level: 'unknown', text: 'No person signed in.' })
  if (first?.type === 'claims') {
    if (first.namesIssuer && metadata.authorization_response_iss_parameter_supported !== true)
      findings.push({
        check: 'iss',
        level: 'good',
        text: 'Answers name their issuer, although discovery does not say so.',
      })
    findings.push(...forTheProfile(first), strength(outcomes), renewal(refreshed))
  }
  return [...findings, reliance(outcomes, refreshed, profile)]
}

/** What the client refuses in ID Tokens unless its profile or an option expects it. */
function forTheProfile({ claims, lag }: Outcome & { type: 'claims' }): Finding[] {
  const findings: Finding[] = []
  const others = [claims.aud].flat().filter((audience, _, all) => all.length > 1 && audience !== claims.azp)
  if (others.length > 0)
    findings.push({
      check: 'audiences',
      level: 'risk',
      text: `ID Tokens are for ${others.join(', ')} too: client and backend need trustedAudiences, or a profile that has it.`,
    })
  const seconds = iatLag(lag)
  if (seconds > 0)
    findings.push({
      check: 'iat',
      level: 'risk',
      text: `ID Tokens are dated ${seconds} s back. If the provider’s clock is right, client and backend need a profile with iatLag, as entra() has it.`,
    })
  return findings
}

function strength(outcomes: Outcomes): Finding {
  const told = Object.values(outcomes).flatMap(outcome => (outcome.type === 'claims' ? outcome.claims : []))
  const { acr } = told.find(claims => claims.acr !== undefined) ?? {}
  const { amr } = told.find(claims => claims.amr !== undefined) ?? {}
  const text = [acr !== undefined && `acr "${acr}"`, amr !== undefined && `amr ${JSON.stringify(amr)}`]
  const seen = text.filter(Boolean).join(', ')
  return seen === ''
    ? { check: 'strength', level: 'risk', text: 'Neither acr nor amr says how the person signed in.' }
    : { check: 'strength', level: 'good', text: `${seen}.` }
}

/** @see OpenID Connect Core 1.0 §12.2 */
function renewal(refreshed: Refreshed): Finding {
  const check = 'refresh token'
  if (refreshed.type === 'none')
    return {
      check,
      level: 'risk',
      text: 'The provider gave none, so a session is renewed in a frame or not at all.',
    }
  if (refreshed.type === 'refused')
    return { check, level: 'risk', text: `The provider gave one, but it cannot be used: ${refreshed.why}.` }
  const { old, claims } = refreshed
  if (claims === null) return { check, level: 'good', text: 'It works, and brings no new ID Token.' }
  if (claims.sub !== old.sub) return { check, level: 'risk', text: 'It works, but for another person.' }
  if (claims.auth_time === undefined)
    return { check, level: 'good', text: 'It works; auth_time is left out.' }
  return claims.auth_time === old.auth_time
    ? { check, level: 'good', text: 'It works, and auth_time stays.' }
    : {
        check,
        level: 'risk',
        text: 'It works, and changes auth_time, which is therefore the person’s, not the session’s.',
      }
}
