import { isUrlOfOp } from '../core/web-url.ts'
import { ask, mayRead, readObject } from './http.ts'
import type { Metadata, Note, Patient } from './report.ts'
import { clientFinding } from './token-answer.ts'

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
