import type { Failure } from '../client/log-events.ts'

/** Why something failed, for a reader who does not know the protocol. */
export interface Cause {
  /** One sentence or more, beginning with a capital. */
  readonly what: string
  /** What to look at; null where the sentence says it. */
  readonly hint: string | null
}

/** Error codes of OAuth and OpenID Connect, and this package's own for answers that it refuses. */
const answers: Readonly<Record<string, readonly [what: string, hint: string | null]>> = {
  invalid_scope: [
    'The provider refuses a scope that was asked for',
    'Compare `scope` with what the provider allows this client.',
  ],
  invalid_target: [
    'The provider does not know the API that the token was asked for',
    'Compare `resource` and `api` with the APIs that are set up at the provider.',
  ],
  invalid_client: [
    'The provider does not know this client, or wants a secret of it',
    'Check `clientId`, and that it is registered as a public client (a single-page app).',
  ],
  unauthorized_client: [
    'The provider does not let this client sign people in like this',
    'Check `clientId`, and that the authorization code flow is allowed for it.',
  ],
  invalid_request: [
    'The provider cannot make sense of the request',
    'Compare `callbackUrl` with the redirect URI that is registered, and look at `authorizationParams`.',
  ],
  invalid_grant: [
    'The provider does not take the code or the refresh token any more',
    'It may be used up, too old or revoked, or the `callbackUrl` may have changed in between.',
  ],
  access_denied: [
    'The provider says that access was denied',
    'The person or a rule of the provider said no.',
  ],
  login_required: ['The provider knows no session of this person', null],
  consent_required: ['The provider wants to ask the person for consent', null],
  interaction_required: ['The provider wants to show something to the person', null],
  server_error: ['The provider has a fault of its own', 'Its log says more.'],
  temporarily_unavailable: ['The provider is not available for now', null],
  iss_mismatch: [
    'The answer is of another issuer than the one that was asked',
    'Compare `issuer` with the discovery document, to the letter.',
  ],
  state_mismatch: ['The answer belongs to no request of this tab', null],
  callback_mismatch: ['The answer came back to the callback page of another client', null],
}

const claims: Readonly<Record<string, string>> = {
  iss: 'Compare `issuer` with the discovery document, to the letter.',
  aud: 'Compare `clientId` with the one that is registered; see also `trustedAudiences`.',
  azp: 'The token was issued to another client: compare `clientId`.',
  exp: 'Compare the clocks of this device and of the provider.',
  iat: 'Compare the clocks of this device and of the provider.',
  nonce: 'The token answers another request than the one of this page.',
  acr: 'The provider did not sign the person in as strongly as `acrValues` asks.',
  auth_time:
    'The login is older than `maxAge` or `prompt: login` allows, or the provider does not tell its time.',
}

const closedWindow =
  'If it showed an error of the provider, such as an unknown client or redirect URI, check `clientId` and that `callbackUrl` is registered there.'
/** Says in plain words why something failed. */
export function causeOf(failure: Failure): Cause {
  const { message } = failure
  switch (failure.code) {
    case 'authorization_failed':
    case 'interaction_required':
    case 'step_up_unmet': {
      const { error } = failure
      const [what, hint] = (Object.hasOwn(answers, error) && answers[error]) || [message, null]
      return { what: `${what}${what === message ? '' : ` (${error})`}${saying(failure)}`, hint }
    }
    case 'id_token_invalid':
      return { what: message, hint: claims[failure.claim] ?? null }
    case 'interaction_cancelled':
      return cancelled[failure.reason] ?? { what: message, hint: null }
    case 'network':
      return {
        what: message,
        hint: 'Check that it runs, `issuer`, and what it allows pages of this origin (CORS).',
      }
    default:
      return { what: message, hint: null }
  }
}

const cancelled: Readonly<Record<string, Cause>> = {
  window_closed: { what: 'The window was closed before the provider answered', hint: closedWindow },
  dismissed: { what: 'The person said no', hint: null },
}

/** What the provider says besides. */
function saying(failure: Failure): string {
  const said = 'error_description' in failure ? failure.error_description : undefined
  return said === undefined || said === '' ? '' : `: “${said}”`
}
