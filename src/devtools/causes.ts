import type { Failure } from '../client/log-events.ts'

/** Why something failed, for a reader who does not know the protocol. */
export interface Cause {
  /** What the error says, which is in plain words, and what the provider says besides. */
  readonly what: string
  /** What to look at; null where the error says it. */
  readonly hint: string | null
}

/** By the claim of an ID Token. */
const claimHints: Readonly<Record<string, string>> = {
  iss: 'Compare `issuer` with the discovery document, to the letter.',
  aud: 'Compare `clientId` with the one that is registered.',
  azp: 'The token was issued to another client: compare `clientId`.',
  nonce: 'The token answers another request than the one of this page.',
  acr: 'The provider did not sign the person in as strongly as `acrValues` asks.',
  auth_time:
    'The login is older than `maxAge` or `prompt: login` allows, or the provider does not tell its time.',
}

/** Of what somebody has ended, by the reason. */
const endings: Readonly<Record<string, Cause>> = {
  dismissed: { what: 'The person said no', hint: null },
  window_closed: {
    what: 'The window was closed before the provider answered',
    hint: 'If it showed an error of the provider, such as an unknown client or redirect URI, check `clientId` and that `callbackUrl` is registered there.',
  },
}

/** Says in plain words why something failed. @param scope that the app asks for, where it is known */
export function causeOf(failure: Failure, scope?: string): Cause {
  const ending = failure.code === 'interaction_cancelled' ? endings[failure.reason] : undefined
  return ending ?? { what: `${failure.message}${saying(failure)}`, hint: hintFor(failure, scope) }
}

/** What the provider says besides. */
function saying(failure: Failure): string {
  const said = 'error_description' in failure ? failure.error_description : undefined
  return said === undefined || said === '' ? '' : `. The OpenID Provider says: “${said}”`
}

function hintFor(failure: Failure, scope: string | undefined): string | null {
  if ('error' in failure) return hintForError(failure.error, scope)
  return failure.code === 'id_token_invalid' ? (claimHints[failure.claim] ?? null) : null
}

function hintForError(error: string, scope: string | undefined): string | null {
  if (error === 'invalid_scope' && scope !== undefined) return `The app asked for “${scope}”.`
  return error === 'invalid_request'
    ? 'Compare `callbackUrl` with the redirect URI that is registered, and look at `authorizationParams`.'
    : null
}
