import { signatureAlgorithms } from '../core/id-token.ts'
import type { Metadata, Note } from './report.ts'

/** Whether a list holds a value; null where there is no list. */
const lists = (value: unknown, wanted: string): boolean | null =>
  Array.isArray(value) ? value.includes(wanted) : null

/** Checks what the discovery document promises. */
export function checkPromises(metadata: Metadata, note: Note): void {
  const pkce = lists(metadata.code_challenge_methods_supported, 'S256')
  if (pkce) note('PKCE', 'good', 'The provider knows S256.')
  else
    note(
      'PKCE',
      pkce === null ? 'risk' : 'fail',
      pkce === null ? 'The provider does not say that it knows S256.' : 'The provider does not know S256.',
    )
  const algorithms = metadata.id_token_signing_alg_values_supported
  const known = Array.isArray(algorithms) && algorithms.some(alg => signatureAlgorithms.includes(alg))
  note(
    'signatures',
    known ? 'good' : 'fail',
    known
      ? `ID Tokens: ${algorithms.join(', ')}.`
      : 'There is no signature algorithm that a backend could verify by a public key.',
  )
  const iss = metadata.authorization_response_iss_parameter_supported === true
  note(
    'iss',
    iss ? 'good' : 'risk',
    iss
      ? 'Answers name their issuer (RFC 9207).'
      : 'Answers do not name their issuer (RFC 9207), which would protect apps that use several providers.',
  )
  const prompts = metadata.prompt_values_supported
  if (!Array.isArray(prompts))
    note('prompt', 'risk', 'The provider does not list the prompt values that it takes.')
  else {
    note('prompt', prompts.includes('login') ? 'good' : 'risk', `The provider takes ${prompts.join(', ')}.`)
    if (!prompts.includes('none'))
      note(
        'silent renewal',
        'risk',
        'There is no prompt=none: without refresh tokens, people have to sign in again.',
      )
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
  if (Array.isArray(acrs)) note('acr', 'good', `The provider offers ${acrs.join(', ')}.`)
  const ends = typeof metadata.end_session_endpoint === 'string'
  note(
    'sign-out',
    ends ? 'good' : 'risk',
    ends
      ? 'The provider has a sign-out page.'
      : 'The provider has no sign-out page, so its own session stays.',
  )
}
