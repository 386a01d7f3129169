import { judgeProvider } from '../core/judge-provider.ts'
import { authorizationFindings } from './authorization.ts'
import { checkPromises } from './check-discovery.ts'
import { discover } from './discover.ts'
import { tryKeys, tryTokenEndpoint } from './endpoints.ts'
import { guessProfile, type ProfileGuess } from './guess-profile.ts'
import type { Finding, Metadata, Note, Patient, Report } from './report.ts'
import { relianceUnseen } from './step-up-verdict.ts'

/** Lets a person sign in and gives what that has shown. It is called only for an OP that the client would take. */
export type SignIn = (metadata: Metadata, profile: ProfileGuess) => Promise<readonly Finding[]>

/**
 * Examines what an OP says of itself, and how it answers an app's first requests. It never throws because of anything
 * that the OP does. Without `signIn` it signs no person in, so it does *not* find out whether `prompt=login` asks the
 * person, nor whether `auth_time` is true.
 *
 * @see OpenID Connect Discovery 1.0 §4; RFC 8414 §2; RFC 9207 §3
 */
export async function examine(patient: Patient, signIn: SignIn = withoutSignIn): Promise<Report> {
  const { issuer } = patient
  const findings: Finding[] = []
  const note: Note = (check, level, text) => void findings.push({ check, level, text })
  const metadata = await discover(patient, note)
  const profile = guessProfile(issuer, metadata ?? {})
  if (metadata) {
    const judgement = judgeProvider(metadata, patient)
    findings.push(...judgement)
    checkPromises(metadata, note)
    findings.push(...profile.findings)
    await tryKeys(metadata, patient, note)
    await tryTokenEndpoint(metadata, patient, note)
    findings.push(...(await authorizationFindings(metadata, patient)))
    if (!judgement.some(({ level }) => level === 'fail')) findings.push(...(await signIn(metadata, profile)))
  }
  const usable = metadata !== null && !findings.some(({ level }) => level === 'fail')
  return { issuer, usable, profile: profile.name, findings }
}

const withoutSignIn: SignIn = async (_, profile) => [relianceUnseen(profile)]
