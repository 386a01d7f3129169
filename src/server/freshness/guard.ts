import type { FreshnessHint } from './hint.ts'
import type { ActionOf, ActionPolicies } from './policy.ts'
import type { StepUpRecord } from './use-grant.ts'
import type { ProtectOptions, RequireOptions } from './use-options.ts'
import type { Logout } from './verify-logout.ts'

/**
 * Decides, on the server, whether a person authenticated recently and strongly enough for an action. `Policies` are the
 * guard's actions. `Transaction` is what its store takes for a transaction; `never` if it has none.
 */
export interface FreshnessGuard<Policies extends ActionPolicies = ActionPolicies, Transaction = never> {
  /**
   * Answers requests to the freshness endpoint. Serve it at one path, for all methods. It never rejects: a failure of
   * the store or the OP is answered with 503, and grants nothing.
   */
  readonly handler: (request: Request) => Promise<Response>
  /**
   * Does the sensitive work of a call, if the person authenticated freshly for it: checks the request's grant, uses it up
   * in your transaction, and runs `work`. The grant stays used only if the transaction is committed. Whatever is thrown,
   * by the guard, the database or `work`, must roll it back; then the grant can be used again. It does *not* check that
   * the person may do this, nor that a transaction is open, and it neither begins nor ends one.
   *
   * Inside your transaction call `protect`, not `require`, which uses the grant up on a connection of its own, whatever
   * becomes of the transaction. Call `ready` when the backend starts: before its first use the store proves itself on
   * another connection, and your transactions may hold them all.
   *
   * Errors of the database and of `work` are thrown unchanged, so that you can try the transaction again, with the same
   * `Request`. There is no time limit on what happens in the transaction. `audit` is told `used` when `work` has
   * resolved, which is before the commit. A transaction that is tried again after that tells it again, with the same
   * `jti`. When `work` or the database throws, there is no event.
   *
   * @returns what `work` returns
   * @throws {GuardError} answer with its `toResponse()`
   * @throws {ConfigurationError} as `require`, for a store that has no transactions, and without a `transaction`
   * @example
   * await pool.transaction(transaction =>
   *   guard.protect(request, 'payment.approve', { subject, context: payment, transaction }, record =>
   *     approve(transaction, payment, record),
   *   ),
   * )
   */
  readonly protect: <Action extends ActionOf<Policies>, Result>(
    request: Request,
    action: Action,
    options: ProtectOptions<Policies[Action], Transaction>,
    work: (record: StepUpRecord) => Result | Promise<Result>,
  ) => Promise<Result>
  /**
   * The same check for an operation that has no transaction of the store's. It uses the request's grant up: once, and
   * only when all of it matches. If the operation fails afterwards, the grant is lost. It does *not* check that the
   * person may do this. Call it right before the operation, after you have authenticated the request.
   *
   * @throws {GuardError} answer with its `toResponse()`
   * @throws {ConfigurationError} for an action that is not configured, a missing `subject`, an `authTime` that is not
   * epoch seconds of the past (milliseconds, for one), a `context` that is missing or that JSON cannot hold, and a
   * `transaction`
   */
  readonly require: <Action extends ActionOf<Policies>>(
    request: Request,
    action: Action,
    options: RequireOptions<Policies[Action]>,
  ) => Promise<StepUpRecord>
  /**
   * Proves the store, loads the OP's keys, and finds out whether it takes pushed requests where they are required, so that a mistake in the set-up shows when the backend starts instead of
   * at the first payment. Calling it is optional, and it can be called again, e.g. by a readiness probe.
   *
   * @throws {Error} what the store or the OP did wrong
   */
  readonly ready: () => Promise<void>
  /**
   * How long the person's login stays fresh enough for an action, so that a page can count down or ask early. It
   * decides nothing: only `protect` and `require` decide, and they take no hint.
   *
   * @param claims of a token that the backend has verified. They are *not* verified here
   * @throws {ConfigurationError} for an action that is not configured
   */
  readonly freshness: <Action extends ActionOf<Policies>>(
    action: Action,
    claims: Readonly<Record<string, unknown>>,
  ) => FreshnessHint<Action>
  /**
   * For an API that takes sender-constrained access tokens: checks the request's DPoP proof against the token in its
   * `Authorization: DPoP` header. The token itself is *not* verified here: verify it first, and pass its claims, whose
   * `cnf.jkt` must be the proof's key. A Bearer token is refused, so call this for every request or for none. Give
   * `protect` or `require` the same `Request` object, because a proof is good for one `Request` only.
   *
   * @throws {GuardError} `invalid_dpop_proof`: there is no proof, or it does not hold; `invalid_token`: the token is
   * bound to another key
   * @throws {ConfigurationError} when the claims are no object, and when `publicUrl` is missing
   * @see RFC 9449 §4.3, §6.1, §7.1
   */
  readonly checkDpop: (
    request: Request,
    claims: { readonly cnf?: unknown } | Readonly<Record<string, unknown>>,
  ) => Promise<void>
  /**
   * Reads the request by which the OP says that a session has ended (back-channel logout). It only *says* whose: your app
   * ends its own session, e.g. by refusing access tokens with that `sid`, and answers 200. The token is used up by then,
   * so a second attempt of the OP is refused: end the session in one step, or finish by yourself what failed. Encrypted
   * logout tokens (JWE) are refused.
   *
   * @throws {GuardError} `invalid_request`, with the claim that does not fit in `detail`; `temporarily_unavailable`
   * @throws {ConfigurationError} for a request whose body was read before
   * @see OpenID Connect Back-Channel Logout 1.0 §2.5, §2.6, §2.8
   * @example
   * const { iss, sub, sid, iat } = await guard.verifyLogoutToken(request)
   * await endSessions({ iss, sub, sid, until: iat }) // without `sid`, all sessions of the person
   * return new Response(null, { headers: { 'Cache-Control': 'no-store' } })
   */
  readonly verifyLogoutToken: (request: Request) => Promise<Logout>
}
