import { signatureAlgorithms } from '../core/id-token.ts'
import { authorizationFindings } from './authorization.ts'
import { type Answer, mayRead, NoAnswer, readObject, request } from './http.ts'
import { asCode, profileFor } from './profile.ts'

export interface Patient {
  readonly issuer: string
  readonly clientId: string
  /** The app's, whose pages send the requests. */
  readonly origin: string
  /** Registered at the OP; without it the authorization endpoint is not asked. */
  readonly redirectUri?: string
  /** That one request may take. */
  readonly seconds: number
}

/** `fail`: this package cannot work with it; `risk`: it can, but; `good`; `unknown`: nobody has seen it. */
export interface Finding {
  readonly check: string
  readonly level: 'good' | 'risk' | 'fail' | 'unknown'
  readonly text: string
}

export interface Report {
  readonly issuer: string
  readonly usable: boolean
  /** Of `afresh/providers`. */
  readonly profile: string
  readonly findings: readonly Finding[]
}

/** What signing somebody in has shown. Only called where it can be done. */
export type SignIn = (metadata: Metadata, profile: string) => Promise<readonly Finding[]>

/**
 * What an OP says of itself, and how it answers an app's first requests. Never throws for what the OP does. By itself
 * it does *not* sign anybody in, so it cannot tell whether `prompt=login` asks the person and whether `auth_time` is
 * true.
 *
 * @see OpenID Connect Discovery 1.0 §4; RFC 8414 §2; RFC 9207 §3
 */
export async function examine(patient: Patient, signIn: SignIn = nobodySignsIn): Promise<Report> {
  const { issuer } = patient
  const profile = profileFor(issuer)
  const findings: Finding[] = []
  const note = (check: string, level: Finding['level'], text: string): void =>
    void findings.push({ check, level, text })
  const metadata = await discover(patient, note)
  if (metadata) {
    judge(metadata, note)
    await tryKeys(metadata, patient, note)
    await tryTokenEndpoint(metadata, patient, note)
    findings.push(...(await authorizationFindings(metadata, patient)))
    if (URL.canParse(String(metadata.token_endpoint)) && URL.canParse(String(metadata.jwks_uri)))
      findings.push(...(await signIn(metadata, profile)))
  }
  const usable = metadata !== null && !findings.some(({ level }) => level === 'fail')
  return { issuer, usable, profile, findings }
}

const nobodySignsIn: SignIn = async (_, profile) => [
  {
    check: 're-authentication',
    level: 'unknown',
    text: `Only a sign-in shows whether prompt=login makes auth_time move (--browser). Profile: ${asCode(profile)}.`,
  },
]

export type Metadata = Readonly<Record<string, unknown>>
type Note = (check: string, level: Finding['level'], text: string) => void

async function discover(patient: Patient, note: Note): Promise<Metadata | null> {
  const { issuer, origin } = patient
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const answer = await ask(url, patient, what => note('discovery', 'fail', `${url} ${what}.`))
  if (!answer) return null
  const metadata = answer.status === 200 ? readObject(answer.text) : null
  if (typeof metadata?.issuer !== 'string' || !URL.canParse(String(metadata.authorization_endpoint))) {
    note(
      'discovery',
      'fail',
      `${url} answers ${answer.status}, and no discovery document. Is it an OpenID Provider?`,
    )
    return null
  }
  if (metadata.issuer === issuer) note('issuer', 'good', 'The discovery document names this very issuer.')
  else note('issuer', 'fail', `It calls itself "${metadata.issuer}": use that, to the letter.`)
  if (mayRead(answer, origin)) note('discovery', 'good', 'Pages of the app may read it.')
  else note('discovery', 'fail', `Pages of ${origin} may not read it (CORS): allow that origin there.`)
  judgeClock(answer, note)
  return metadata
}

/** Only as good as the time that the answer took. */
function judgeClock({ headers }: Answer, note: Note): void {
  const date = Date.parse(headers.get('Date') ?? '')
  const apart = Math.round((Date.now() - date) / 1000)
  if (Number.isNaN(date)) note('clock', 'unknown', 'Its answers have no date.')
  else if (Math.abs(apart) <= 5) note('clock', 'good', 'Its clock is ours.')
  else if (Math.abs(apart) <= 30)
    note('clock', 'risk', `Its clock is ${apart} s behind ours; 30 s are allowed.`)
  else note('clock', 'fail', `Its clock is ${apart} s behind ours, and more than 30 s are refused.`)
}

const lists = (value: unknown, wanted: string): boolean | null =>
  Array.isArray(value) ? value.includes(wanted) : null

function judge(metadata: Metadata, note: Note): void {
  const pkce = lists(metadata.code_challenge_methods_supported, 'S256')
  if (pkce) note('PKCE', 'good', 'S256.')
  else
    note(
      'PKCE',
      pkce === null ? 'risk' : 'fail',
      pkce === null ? 'It does not say that it knows S256.' : 'It does not know S256.',
    )
  const algorithms = metadata.id_token_signing_alg_values_supported
  const known = Array.isArray(algorithms) && algorithms.some(alg => signatureAlgorithms.includes(alg))
  note(
    'signatures',
    known ? 'good' : 'fail',
    known
      ? `ID Tokens: ${algorithms.join(', ')}.`
      : 'No signature algorithm that a backend could verify by a public key.',
  )
  const iss = metadata.authorization_response_iss_parameter_supported === true
  note(
    'iss',
    iss ? 'good' : 'risk',
    iss
      ? 'Answers name their issuer (RFC 9207).'
      : 'Answers do not name their issuer (RFC 9207), which guards apps of several providers.',
  )
  const prompts = metadata.prompt_values_supported
  if (!Array.isArray(prompts)) note('prompt', 'risk', 'It does not list the prompt values that it takes.')
  else {
    note('prompt', prompts.includes('login') ? 'good' : 'risk', `It takes ${prompts.join(', ')}.`)
    if (!prompts.includes('none'))
      note('silent renewal', 'risk', 'No prompt=none: without refresh tokens people sign in again.')
  }
  const claims = metadata.claims_parameter_supported === true
  note(
    'auth_time',
    claims ? 'good' : 'risk',
    claims
      ? 'The claims parameter can ask for auth_time.'
      : 'auth_time cannot be asked for by the claims parameter; max_age may bring it.',
  )
  const acrs = metadata.acr_values_supported
  if (Array.isArray(acrs)) note('acr', 'good', `It offers ${acrs.join(', ')}.`)
  const ends = typeof metadata.end_session_endpoint === 'string'
  note(
    'sign-out',
    ends ? 'good' : 'risk',
    ends ? 'It has a page to sign out.' : 'It has no page to sign out: its own session stays.',
  )
}

async function tryKeys(metadata: Metadata, patient: Patient, note: Note): Promise<void> {
  const url = metadata.jwks_uri
  if (typeof url !== 'string') return note('keys', 'fail', 'It does not say where its keys are (jwks_uri).')
  const answer = await ask(url, patient, what => note('keys', 'fail', `${url} ${what}.`))
  if (!answer) return
  const keys = readObject(answer.text)?.keys
  const count = Array.isArray(keys)
    ? keys.filter(key => typeof key?.kty === 'string' && key.kty !== 'oct').length
    : 0
  note(
    'keys',
    count > 0 ? 'good' : 'fail',
    count > 0 ? `${count} public keys.` : `${url} holds no public key.`,
  )
}

/** With a code that nobody issued: what counts is whether a page may read the refusal. */
async function tryTokenEndpoint(metadata: Metadata, patient: Patient, note: Note): Promise<void> {
  const url = metadata.token_endpoint
  if (typeof url !== 'string') return note('token endpoint', 'fail', 'It has none.')
  const form = {
    grant_type: 'authorization_code',
    code: 'doctor',
    client_id: patient.clientId,
    redirect_uri: patient.redirectUri ?? patient.origin,
    code_verifier: 'doctor'.repeat(8),
  }
  const answer = await ask(url, { ...patient, form }, what =>
    note('token endpoint', 'fail', `${url} ${what}.`),
  )
  if (!answer) return
  const error = readObject(answer.text)?.error
  if (error === 'invalid_client' || error === 'unauthorized_client')
    note('client', 'fail', `It does not take "${patient.clientId}" as a public client (${error}).`)
  if (mayRead(answer, patient.origin))
    note('token endpoint', 'good', 'Pages of the app may read its answers.')
  else
    note(
      'token endpoint',
      'fail',
      `Pages of ${patient.origin} may not read its answers (CORS): allow that origin there.`,
    )
}

async function ask(
  url: string,
  patient: { origin: string; seconds: number; form?: Record<string, string> },
  fail: (what: string) => void,
): Promise<Answer | null> {
  if (!URL.canParse(url)) {
    fail('is no URL')
    return null
  }
  try {
    return await request(url, patient)
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    fail(error.message)
    return null
  }
}
