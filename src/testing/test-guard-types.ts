import type { ChallengedAnswer } from '../core/wire.ts'
import type { FreshnessGuard } from '../server/freshness/guard.ts'
import type { GuardOptions } from '../server/freshness/options.ts'
import type { ActionOf, ActionPolicies, ActionPolicy, KnownFields } from '../server/freshness/policy.ts'
import type { UseOptions } from '../server/freshness/use-options.ts'
import type { GrantFailure } from '../server/http/guard-error.ts'
import type { StoreOption, TransactionOf } from '../server/stores/store.ts'
import type { IdTokenFault } from './id-token-faults.ts'
import type { TestClock } from './test-clock.ts'
import type { TestOp } from './test-op.ts'

type Claims = Readonly<Record<string, unknown>>
type Headers = Readonly<Record<string, string>>

/** The options that the test OP stands for, and those that a test cannot have. */
type Taken =
  | 'actions'
  | 'audience'
  | 'clientId'
  | 'dpop'
  | 'fetch'
  | 'issuer'
  | 'jwksUri'
  | 'keys'
  | 'metadata'
  | 'metadataUrl'
  | 'now'
  | 'store'

/**
 * How a test guard is set up: like a real one, but with more defaults. It has no `dpop`: a cookie binds challenges and
 * grants.
 *
 * @typeParam Policies the guard's actions with their policies
 * @typeParam Store the type of the store
 */
export interface TestGuardOptions<
  Policies extends ActionPolicies = ActionPolicies,
  Store extends StoreOption = StoreOption,
> extends Omit<GuardOptions, Taken> {
  /** The actions of the app, with their policies. */
  readonly actions: Policies & KnownFields<Policies>
  /** The OP that the guard believes. Several test guards may have the same one. Default: an OP of its own. */
  readonly op?: TestOp
  /** The name of the API. Default: `https://api.example`. */
  readonly audience?: string
  /** The secret keys of the guard. Default: one random key. */
  readonly keys?: GuardOptions['keys']
  /** The store. Default: a memory store by the OP's clock, for this guard alone. */
  readonly store?: Store
  /** The URL at which the app serves the guard's `handler`. Default: `http://localhost/api/freshness`. */
  readonly endpoint?: string
}

/** What a test wants a grant or a challenge for: who does it, and what it is about (`context`). */
export type TestWish<Policy extends ActionPolicy = ActionPolicy> = Pick<UseOptions<Policy>, 'context'> & {
  /** The `sub` of the person's ID Tokens. Default: `josh`. */
  readonly subject?: string
  /**
   * Further claims of those ID Tokens, e.g. the ones that `subjectOf` or `localIdp` reads. They override the usual
   * ones; a claim that is `undefined` is left out. Default: none.
   */
  readonly claims?: Claims
  /** Further headers that the browser sends, such as `Authorization`. Default: none. */
  readonly headers?: Headers
}

/** A grant, with all that the browser sends with it. */
export interface TestGrant {
  /** The headers `Step-Up-Grant` and `Cookie`, and the headers that were given. */
  readonly headers: Headers
  /**
   * Makes a request with these headers.
   *
   * @param url a URL, or a path at `http://localhost`
   * @param init the method, the body and further headers, as for `new Request`. Default: a GET
   */
  request(url: string, init?: RequestInit): Request
}

/** A challenge of the guard, with all that the browser has of it. */
export interface TestChallenge {
  /** The answer of the guard, as JSON. */
  readonly answer: ChallengedAnswer
  /** The header `Cookie`, and the headers that were given. */
  readonly headers: Headers
  /**
   * Makes the request that proves a login after this challenge. If the clock has not moved since the challenge, the
   * login is dated one second later, because a login in the second of the challenge does not count as a new one.
   *
   * @param claims further claims of the ID Token, which override the usual ones; a claim that is `undefined` is left
   * out. Default: none
   * @param fault the rule that the ID Token breaks. Default: none
   * @returns the request, for the app's freshness endpoint
   */
  proof(claims?: Claims, fault?: Exclude<IdTokenFault, 'missing'>): Promise<Request>
}

/**
 * A real guard with an OP that needs no network, and the requests that browsers send to the guard.
 *
 * @typeParam Policies the guard's actions with their policies
 * @typeParam Transaction the type of the store's transactions; `never` if the store has none
 */
export interface TestGuard<Policies extends ActionPolicies = ActionPolicies, Transaction = never> {
  /** The guard, for the app under test. */
  readonly guard: FreshnessGuard<Policies, Transaction>
  /** The clock of the guard and of the OP. It stands still until it is moved. */
  readonly clock: TestClock
  /** The OP that the guard believes. */
  readonly op: TestOp
  /**
   * The options that the guard was made with. Use them if your app makes its guard by itself: `createFreshnessGuard({
   * ...own, ...options })`. That guard accepts the same grants, as long as `actions` are the same.
   */
  readonly options: GuardOptions<Policies>
  /** Makes an ID Token: see `TestOp`. */
  readonly idToken: TestOp['idToken']
  /**
   * Makes the request by which a browser asks for a grant.
   *
   * @param action one of the guard's `actions`
   * @param wish who does it, and what it is about
   * @returns the request, for the app's freshness endpoint
   */
  ask<Action extends ActionOf<Policies>>(action: Action, wish: TestWish<Policies[Action]>): Promise<Request>
  /**
   * Gets a challenge from the guard, for a person whose login is an hour old.
   *
   * @param action one of the guard's `actions`
   * @param wish who does it, and what it is about
   * @throws {ConfigurationError} a `ConfigurationError`, if the guard answers with something else
   */
  challengeFor<Action extends ActionOf<Policies>>(
    action: Action,
    wish: TestWish<Policies[Action]>,
  ): Promise<TestChallenge>
  /**
   * Makes a grant, for a person who has signed in as the policy demands; or a grant that the guard refuses.
   *
   * @param action one of the guard's `actions`
   * @param wish who does it, what it is about, and, with `refusedAs`, why the guard is to refuse it
   * @throws {ConfigurationError} a `ConfigurationError`, if no login meets the policy, e.g. without the claims that its
   * `localIdp` needs
   */
  grantFor<Action extends ActionOf<Policies>>(
    action: Action,
    wish: TestWish<Policies[Action]> & {
      /** The `reason` of the `GuardError` that the grant leads to. Default: none, the grant is good. */
      readonly refusedAs?: GrantFailure
    },
  ): Promise<TestGrant>
}

/**
 * The type of the test guard for these policies and this store.
 *
 * @typeParam Policies the guard's actions with their policies
 * @typeParam Store the type of the store
 */
export type TestGuardOf<Policies extends ActionPolicies, Store extends StoreOption> = TestGuard<
  Policies,
  TransactionOf<Store>
>
