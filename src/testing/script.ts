import type { RefusalCode } from '../core/errors.ts'
import type { StepUpDisplay } from '../core/step-up-display.ts'
import type { Evil } from './evil.ts'

/** A person as the scripted OP knows them: claims of their ID Token. `sub` defaults to the name in small letters. */
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
   * Further claims, such as `amr`. They count before the usual ones. `auth_time` and `acr` are those of a login before
   * the test: when the person signs in again, the OP says when that was, and the `acr` that was asked for.
   */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** What the backend is asked for, as a function of `stepUp` sees it. */
export interface TestStepUp {
  /** The name of the action, as the app has it. */
  readonly action: string
  /** The hash of the context, as it is on the wire; absent without a context. */
  readonly contextHash?: string
  /** Who asks: the person of the session. */
  readonly person: TestPerson
}

/** What a challenge demands. By default a new login, by whatever means. */
export interface ChallengeDemand {
  /** Seconds: a login that is not older is enough, so the OP is first asked in a hidden frame. */
  readonly maxAge?: number
  /** One of these must be the `acr`. */
  readonly acrValues?: readonly string[]
  /** What is approved, in the backend's words: they come before those of `describe`. */
  readonly display?: string | StepUpDisplay
}

/**
 * What becomes of a step-up. `grant`: the login is fresh enough, and no person is asked. `prompt`: the person is asked, and
 * the test answers the prompt. `cancel`: the person says no. `deny`: the person has signed in again, and the
 * backend refuses the proof all the same, with `stale` or the code given.
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

/** What the OP and the backend play by. It may change at any time. */
export interface Script {
  /** The issuer that the OP plays. */
  readonly issuer: string
  /** The only client that the OP knows. */
  readonly clientId: string
  /** The path of the freshness endpoint. */
  readonly endpoint: string
  /** Epoch seconds. */
  now(): number
  /** Who signs in at the OP next. Null: nobody, so `prompt=none` is answered with `login_required`. */
  person: TestPerson | null
  /** What becomes of the next step-ups: the same for all, or by what each is for. */
  stepUp: StepUpScript | ((request: TestStepUp) => StepUpScript)
  /** What goes wrong from now on. Absent or null: nothing. */
  evil?: Evil | null
}

/** What the token endpoint answers. @see RFC 6749 §5.1 */
export interface TokenAnswer {
  /** The access token, which is no JWT. By it the OP and `personOf` know the person. */
  readonly access_token: string
  /** `DPoP` where the request for it has a DPoP proof, else `Bearer`. */
  readonly token_type: 'Bearer' | 'DPoP'
  /** Seconds. */
  readonly expires_in: number
  /** The refresh token. It is good for one use: a second one ends all that came from the same sign-in. */
  readonly refresh_token: string
  /** The ID Token of the person. */
  readonly id_token: string
}

/** What a guarded call is about, as the backend knows it. */
export interface GuardedCall {
  /** The `sub` of the person who calls. Default: the person of the request's access token. */
  readonly subject?: string
  /** Plain JSON. Absent matches only a grant without a context. */
  readonly context?: unknown
}

/** The OP and the backend's freshness endpoint by script: what they answer, without a network. */
export interface ScriptedNetwork {
  /** The OP's discovery document. */
  readonly metadata: Readonly<Record<string, unknown>>
  /**
   * Null for a request that is for neither. Where the script breaks the connection, it is `Response.error()`, for which a
   * `fetch` rejects with a `TypeError`.
   */
  answer(request: Request): Promise<Response | null>
  /** What the OP's front channel answers an authorization request with: the response's parameters. */
  authorize(url: string): string
  /**
   * What the OP's front channel answers a sign-out request with: the parameters for `post_logout_redirect_uri`. The
   * person has to sign in again after it.
   */
  endSession(url: string): string
  /** An ID Token for the person, as the token endpoint gives it; its signature is not made. */
  idToken(person: TestPerson, claims?: Readonly<Record<string, unknown>>): string
  /** The same with its signature, so that whoever verifies it with the keys at `jwks_uri` accepts it. */
  signedIdToken(person: TestPerson, claims?: Readonly<Record<string, unknown>>): Promise<string>
  /** A whole answer of the token endpoint, with that ID Token: its tokens can be refreshed, used and revoked. */
  tokens(person: TestPerson, claims?: Readonly<Record<string, unknown>>): TokenAnswer
  /** Whose access token a request carries; null where it has none that is good. */
  personOf(request: Request): TestPerson | null
  /**
   * What a backend does first in a guarded call. It uses the request's grant up.
   *
   * @returns null for a call that may go on, else its answer: 401 with a challenge, or without one where nobody is known
   * @throws {ConfigurationError} for a context that is not plain JSON
   */
  requireGrant(request: Request, action: string, call?: GuardedCall): Promise<Response | null>
  /** Forgets all logins, codes, tokens, challenges and grants. The script stays as it is. */
  reset(): void
}
