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

/** How a test guard is set up: as the real one, and most of it has a default. There is no DPoP. */
export interface TestGuardOptions<
  Policies extends ActionPolicies = ActionPolicies,
  Store extends StoreOption = StoreOption,
> extends Omit<GuardOptions, Taken> {
  /** The actions of the app. */
  readonly actions: Policies & KnownFields<Policies>
  /** The OP, which another test guard may have too. Default: one of its own. */
  readonly op?: TestOp
  /** Default: `https://api.example`. */
  readonly audience?: string
  /** Default: a random one. */
  readonly keys?: GuardOptions['keys']
  /** Default: a memory store by the OP's clock, of this guard alone. */
  readonly store?: Store
  /** Where the app serves the guard's `handler`. Default: `http://localhost/api/freshness`. */
  readonly endpoint?: string
}

/** Who does what, as a grant or a challenge is asked for. */
export type TestWish<Policy extends ActionPolicy = ActionPolicy> = Pick<UseOptions<Policy>, 'context'> & {
  /** The `sub` of the person's ID Tokens. Default: `josh`. */
  readonly subject?: string
  /** What else those say, such as what `subjectOf` or `localIdp` reads; `undefined` removes. */
  readonly claims?: Claims
  /** What the browser sends besides, such as `Authorization`. Default: nothing. */
  readonly headers?: Headers
}

/** A grant, as the browser sends it. */
export interface TestGrant {
  /** `Step-Up-Grant` and `Cookie`, and the headers that were given. */
  readonly headers: Headers
  /** A request with these headers. @param url a path is one of `http://localhost` */
  request(url: string, init?: RequestInit): Request
}

/** A challenge of the guard, as the browser has it. */
export interface TestChallenge {
  /** What the guard answered, as JSON. */
  readonly answer: ChallengedAnswer
  /** `Cookie`, and the headers that were given. */
  readonly headers: Headers
  /**
   * The request by which the person proves that they have signed in since. Where the clock has not moved on, the login is
   * dated one second later: one in the second of the challenge does not count as a new one.
   *
   * @param claims of the ID Token, besides or instead of the usual ones; `undefined` removes
   * @param fault the rule that the ID Token breaks. Default: none
   */
  proof(claims?: Claims, fault?: Exclude<IdTokenFault, 'missing'>): Promise<Request>
}

/** A real guard on an OP without a network, and what browsers send it. */
export interface TestGuard<Policies extends ActionPolicies = ActionPolicies, Transaction = never> {
  /** For the app under test. */
  readonly guard: FreshnessGuard<Policies, Transaction>
  /** The clock of guard and OP. It stands still until it is moved. */
  readonly clock: TestClock
  /** The OP that the guard believes. */
  readonly op: TestOp
  /**
   * What the guard was made with, for an app that makes its guard by itself: `createFreshnessGuard({ ...own, ...options
   * })`. It accepts the same grants, as long as `actions` are the same.
   */
  readonly options: GuardOptions<Policies>
  /** As in `TestOp`. */
  readonly idToken: TestOp['idToken']
  /** The request by which a browser asks whether the person may do this, for the app's freshness endpoint. */
  ask<Action extends ActionOf<Policies>>(action: Action, wish: TestWish<Policies[Action]>): Promise<Request>
  /**
   * The guard's challenge for it, as for a login of an hour ago.
   *
   * @throws {ConfigurationError} when the guard answers with something else
   */
  challengeFor<Action extends ActionOf<Policies>>(
    action: Action,
    wish: TestWish<Policies[Action]>,
  ): Promise<TestChallenge>
  /**
   * A grant for it, of a person who has signed in as the policy demands; or one that the guard refuses.
   *
   * @throws {ConfigurationError} when no login meets the policy, e.g. without the claims that its `localIdp` wants
   */
  grantFor<Action extends ActionOf<Policies>>(
    action: Action,
    wish: TestWish<Policies[Action]> & {
      /** The `reason` of the `GuardError` that it shall lead to. Default: none, the grant is good. */
      readonly refusedAs?: GrantFailure
    },
  ): Promise<TestGrant>
}

/** The type of the test guard that is made with these. */
export type TestGuardOf<Policies extends ActionPolicies, Store extends StoreOption> = TestGuard<
  Policies,
  TransactionOf<Store>
>
