import { discoveryUrl } from '../core/discovery-url.ts'
import { isUrlOfOp } from '../core/web-url.ts'
import { type Answer, mayRead, NoAnswer, readObject, request } from './http.ts'
import type { Metadata, Note, Patient } from './report.ts'
import { clientFinding } from './token-answer.ts'

/** Fetches the discovery document and checks CORS and clock. Null when there is none. What it says is *not* checked. */
export async function discover(patient: Patient, note: Note): Promise<Metadata | null> {
  const { origin } = patient
  const url = discoveryUrl(patient)
  const answer = await ask(url, patient, what => note('discovery', 'fail', `${url} ${what}.`))
  if (!answer) return null
  const metadata = answer.status === 200 ? readObject(answer.text) : null
  if (metadata === null || (metadata.issuer === undefined && metadata.authorization_endpoint === undefined)) {
    note(
      'discovery',
      'fail',
      `${url} answers ${answer.status} without a discovery document. Is it an OpenID Provider?`,
    )
    return null
  }
  if (mayRead(answer, origin)) note('discovery', 'good', 'Pages of the app may read it (CORS).')
  else
    note('discovery', 'fail', `Pages of ${origin} may not read it (CORS): allow that origin at the provider.`)
  const type = answer.headers.get('Content-Type')
  // The client's library reads no document of another type.
  if (type !== null && !type.startsWith('application/json'))
    note('discovery', 'fail', `It comes as "${type}", and pages read it as "application/json" only.`)
  checkClock(answer, note)
  return metadata
}

/** The result is only as exact as the time that the answer took. */
function checkClock({ headers }: Answer, note: Note): void {
  const date = Date.parse(headers.get('Date') ?? '')
  const apart = Math.round((Date.now() - date) / 1000)
  if (Number.isNaN(date)) note('clock', 'unknown', 'The provider’s answers have no date.')
  else if (Math.abs(apart) <= 5) note('clock', 'good', 'The provider’s clock agrees with ours.')
  else if (Math.abs(apart) <= 30)
    note('clock', 'risk', `The provider’s clock is ${apart} s behind ours; 30 s are allowed.`)
  else note('clock', 'fail', `The provider’s clock is ${apart} s behind ours; only 30 s are allowed.`)
}

/** Fetches the signing keys, if they are at a URL that may be asked. */
export async function tryKeys(metadata: Metadata, patient: Patient, note: Note): Promise<void> {
  const url = metadata.jwks_uri
  if (!isUrlOfOp(url, patient.issuer)) return
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

/** Asks with an invented code: whether a page may read the refusal, and what it says of the app. */
export async function tryTokenEndpoint(metadata: Metadata, patient: Patient, note: Note): Promise<void> {
  const url = metadata.token_endpoint
  if (!isUrlOfOp(url, patient.issuer)) return
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
  const { check, level, text } = clientFinding(answer, patient.clientId)
  note(check, level, text)
  if (mayRead(answer, patient.origin))
    note('token endpoint', 'good', 'Pages of the app may read its answers (CORS).')
  else
    note(
      'token endpoint',
      'fail',
      `Pages of ${patient.origin} may not read its answers (CORS): allow that origin at the provider.`,
    )
}

async function ask(
  url: string,
  patient: { origin: string; seconds: number; form?: Record<string, string> },
  fail: (what: string) => void,
): Promise<Answer | null> {
  try {
    return await request(url, patient)
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    fail(error.message)
    return null
  }
}
