import type { Metadata, Note } from './report.ts'

/** Notes what else the discovery document promises: nothing that this package could not do without. */
export function checkPromises(metadata: Metadata, note: Note): void {
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
