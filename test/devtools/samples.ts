import type { Happening } from '../../src/client/inspection.ts'
import type { AuthLogEvent, Failure } from '../../src/client/log-events.ts'
import { resolveOptions } from '../../src/client/resolved-options.ts'
import { accountOf } from '../../src/core/account.ts'
import type { IdTokenClaims } from '../../src/core/claims.ts'
import { AuthorizationResponseError } from '../../src/core/errors.ts'
import { type AuthState, initialState, type SessionState } from '../../src/core/machine/state.ts'
import type { Entry } from '../../src/devtools/entries.ts'
import type { Sight } from '../../src/devtools/sight.ts'

/** Epoch seconds at which the tests look. */
export const now = 1_800_000_000

export const josh: IdTokenClaims = {
  iss: 'https://login.example.com',
  sub: 'user-4711',
  aud: 'payments',
  exp: now + 3600,
  iat: now - 60,
  auth_time: now - 90,
  name: 'Josh Rivera',
  email: 'josh@rivera.example',
}

/** The state of a person who is signed in, with these claims besides. */
export function signedInAs(claims: object = {}, session: object = {}): AuthState {
  const all: IdTokenClaims = { ...josh, ...claims }
  return {
    ...initialState,
    session: {
      status: 'authenticated',
      renewal: { status: 'ok' },
      account: accountOf(all),
      claims: all,
      accessTokenExpiresAt: now + 271,
      ...session,
    },
  }
}

/** The state of nobody, for this reason. */
export function anonymous(
  reason: Extract<SessionState, { status: 'anonymous' }>['reason'],
  session: object = {},
): AuthState {
  return { ...initialState, session: { status: 'anonymous', reason, ...session } }
}

/** Log events as entries; the first at 0 ms, each `after` milliseconds later, or at its own time. */
export function logged(
  ...events: readonly (AuthLogEvent | readonly [at: number, event: AuthLogEvent])[]
): Entry[] {
  return events.map((one, index) =>
    'type' in one
      ? { at: index * 1000, type: 'logged', event: one }
      : { at: one[0], type: 'logged', event: one[1] },
  )
}

export const began = (at: number, work: 'restore' | 'renewal'): Happening => ({ at, type: 'began', work })

/** What the client's options become. */
export const options = resolveOptions(
  {
    issuer: 'https://login.example.com',
    clientId: 'payments',
    freshness: { endpoint: '/api/freshness' },
    interaction: ['popup', 'redirect'],
  },
  { origin: 'https://app.example', lang: undefined, userAgent: '', isInstalled: false },
)

export function sightOf(state: AuthState, entries: readonly Entry[] = [], more: Partial<Sight> = {}): Sight {
  return { state, entries, hasRefreshToken: true, now, options, controls: [], ...more }
}

/** An error of the OP, as the log tells it. */
export function refused(error: string, error_description?: string): Failure {
  const { code, message } = new AuthorizationResponseError(error, { error })
  return { code, message, error, ...(error_description !== undefined && { error_description }) }
}

/** The person closed the window. */
export const windowClosed = {
  code: 'interaction_cancelled',
  message: 'The interaction ended: window_closed',
  reason: 'window_closed',
} as const satisfies Failure
