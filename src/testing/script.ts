import type { RefusalCode } from '../core/errors.ts'
import type { StepUpDisplay } from '../core/step-up-display.ts'
import type { Evil } from './evil.ts'

/** A person as the scripted OP knows them. The members become claims of the person's ID Token. */
export interface TestPerson {
  /** The full name: the claim `name`. */
  readonly name: string
  /** The claim `sub`, by which the app and the backend know the person. Default: the name in small letters. */
  readonly sub?: string
  /** The claim `email`. Default: absent. */
  readonly email?: string
  /** The URL of a picture: the claim `picture`. Default: absent. */
  readonly picture?: string
  /**
   * Further claims, such as `amr`. They override the usual ones. `auth_time` (epoch seconds) and `acr` belong to a
   * login before the test. If the person signs in again, the OP reports the new time, and the `acr` that was asked for.
   * Default: none.
   */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** What a step-up is for. A function in `stepUp` is called with it. */
export interface TestStepUp {
  /** The name of the action, as the app has it. */
  readonly action: string
  /** The hash of the context, as it is sent. Absent if there is no context. */
  readonly contextHash?: string
  /** Who asks: the person of the session. */
  readonly person: TestPerson
}

/** What a challenge demands. Without `maxAge`, it demands a new login. */
export interface ChallengeDemand {
  /**
   * How many seconds old the login may be. The OP is then asked in a hidden frame first. Default: the login must be
   * new.
   */
  readonly maxAge?: number
  /** The login must have one of these as its `acr`. Default: any. */
  readonly acrValues?: readonly string[]
  /** What the person approves, in the backend's words. The page prefers them to those of `describe`. Default: none. */
  readonly display?: string | StepUpDisplay
}

/**
 * What happens to a step-up:
 *
 * - `grant`: the login is fresh enough, and no person is asked.
 * - `prompt`: the person is asked, and the test answers the prompt.
 * - `{ prompt }`: as `prompt`, for a login that meets this demand.
 * - `cancel`: the person is asked, and says no.
 * - `deny`: the person signs in again, and the backend refuses the proof with `stale`.
 * - `{ deny }`: as `deny`, with this code.
 */
export type StepUpScript =
  | 'grant'
  | 'prompt'
  | 'cancel'
  | 'deny'
  | {
      /** The person is asked for a login that meets this. */
      readonly prompt: ChallengeDemand
    }
  | {
      /** The person is asked, and the backend refuses the proof with this code. */
      readonly deny: RefusalCode
    }

/** What the OP and the backend do. `person`, `stepUp` and `evil` may be changed at any time. */
export interface Script {
  /** The issuer that the OP plays. */
  readonly issuer: string
  /** The client id of the only client that the OP knows. */
  readonly clientId: string
  /** The freshness endpoint: a path or a URL. */
  readonly endpoint: string
  /** The time in epoch seconds. */
  now(): number
  /** Who signs in at the OP next. Null: nobody, so the OP answers `prompt=none` with `login_required`. */
  person: TestPerson | null
  /** What happens to the next step-ups: one word for all of them, or a function that is asked for each. */
  stepUp: StepUpScript | ((request: TestStepUp) => StepUpScript)
  /** What goes wrong from now on. Absent or null: nothing. */
  evil?: Evil | null
}

/**
 * The answer of the token endpoint.
 *
 * @see RFC 6749 §5.1
 */
export interface TokenAnswer {
  /** The access token. It is no JWT. The OP and `personOf` find the person by it. */
  readonly access_token: string
  /** The type of the access token: `DPoP` if the request for it has a DPoP proof, else `Bearer`. */
  readonly token_type: 'Bearer' | 'DPoP'
  /** How many seconds the access token lives. */
  readonly expires_in: number
  /** The refresh token. It is good for one use. A second use ends all tokens from the same sign-in. */
  readonly refresh_token: string
  /** The ID Token of the person. */
  readonly id_token: string
}

/** What the backend knows about a guarded call. */
export interface GuardedCall {
  /** The `sub` of the person who calls. Default: the person of the request's access token. */
  readonly subject?: string
  /** What the call is about, as plain JSON. Default: no context, so only a grant without a context matches. */
  readonly context?: unknown
}

/** Answers for the OP and for the backend's freshness endpoint, by the script and without a network. */
export interface ScriptedNetwork {
  /** The OP's discovery document. */
  readonly metadata: Readonly<Record<string, unknown>>
  /**
   * Answers a request to the OP or to the freshness endpoint. If the script breaks the connection, the answer is
   * `Response.error()`, for which `fetch` rejects with a `TypeError`.
   *
   * @param request the request
   * @returns the answer; null if the request is for neither of them
   */
  answer(request: Request): Promise<Response | null>
  /**
   * Answers an authorization request, as the OP's page does.
   *
   * @param url the URL of the request
   * @returns the parameters of the response
   */
  authorize(url: string): string
  /**
   * Answers a sign-out request, as the OP's page does. The person has to sign in again after it.
   *
   * @param url the URL of the request
   * @returns the parameters for `post_logout_redirect_uri`
   */
  endSession(url: string): string
  /**
   * Makes an ID Token like that of the token endpoint, at once, without a real signature.
   *
   * @param person whose token it is
   * @param claims further claims, which override the usual ones. Default: none
   */
  idToken(person: TestPerson, claims?: Readonly<Record<string, unknown>>): string
  /**
   * Makes an ID Token like `idToken`, with a real signature. Code that verifies it with the keys at `jwks_uri` accepts
   * it.
   *
   * @param person whose token it is
   * @param claims further claims, which override the usual ones. Default: none
   */
  signedIdToken(person: TestPerson, claims?: Readonly<Record<string, unknown>>): Promise<string>
  /**
   * Makes a whole answer of the token endpoint. Its tokens can be refreshed, used and revoked. The signature of the ID
   * Token is not real.
   *
   * @param person whose tokens they are
   * @param claims further claims of the ID Token, which override the usual ones. Default: none
   */
  tokens(person: TestPerson, claims?: Readonly<Record<string, unknown>>): TokenAnswer
  /**
   * Says whose access token a request carries.
   *
   * @param request the request
   * @returns the person; null if the request has no valid token
   */
  personOf(request: Request): TestPerson | null
  /**
   * Does what a backend does first in a guarded call: checks the request's grant, and uses it up.
   *
   * @param request the call
   * @param action the name of the action
   * @param call what the backend knows about the call. Default: the person of the access token, and no context
   * @returns null if the call may go on, else the answer to it: a 401 with a challenge, or without one if nobody is
   * known
   * @throws {ConfigurationError} a `ConfigurationError`, for a context that is not plain JSON
   */
  requireGrant(request: Request, action: string, call?: GuardedCall): Promise<Response | null>
  /** Forgets all logins, codes, tokens, challenges and grants. The script stays as it is. */
  reset(): void
}
