import type { FreshnessHint } from './hint.ts'
import type { ActionOf, ActionPolicies } from './policy.ts'
import type { StepUpRecord } from './use-grant.ts'
import type { ProtectOptions, RequireOptions } from './use-options.ts'
import type { Logout } from './verify-logout.ts'

/**
 * Decides, on the server, whether a person authenticated recently and strongly enough for an action.
 * `createFreshnessGuard` makes it.
 *
 * @typeParam Policies the guard's actions with their policies
 * @typeParam Transaction the type of the store's transactions; `never` if the store has none
 */
export interface FreshnessGuard<Policies extends ActionPolicies = ActionPolicies, Transaction = never> {
  /**
   * Answers requests to the freshness endpoint. Serve it at one path, for all methods. It never rejects: a failure of
   * the store or of the OP is answered with a 503, and grants nothing.
   *
   * @param request a request to the endpoint, with a body that was not read before
   * @returns the answer, for your framework to send
   */
  readonly handler: (request: Request) => Promise<Response>
  /**
   * Does the sensitive work of a call if the person authenticated freshly for it. It checks the request's grant, uses
   * the grant up in your transaction, and runs `work`. The grant stays used only if the transaction is committed. If
   * the guard, the database or `work` throws, roll the transaction back; the grant can then be used again. `protect`
   * neither begins nor ends a transaction. It does *not* check that one is open, nor that the person may do this.
   *
   * Inside your transaction call `protect`, not `require`: `require` uses the grant up on another connection, and a
   * rollback does not undo that. Call `ready` when the backend starts. Otherwise the first call tests the store on
   * another connection, and your transactions may hold all connections.
   *
   * Errors of the database and of `work` are thrown unchanged, so that you can try the transaction again with the same
   * `Request`. There is no time limit on what happens in the transaction. `audit` is told `used` when `work` has
   * resolved, before the commit. If you try the transaction again after that, `audit` is told again, with the same
   * `jti`. If `work` or the database throws, `audit` is told nothing.
   *
   * @param request the call, with its grant in the header `Step-Up-Grant`
   * @param action one of the guard's `actions`
   * @param options who makes the call, what it is about, and the open transaction
   * @param work does the sensitive work; it gets the record of the login
   * @returns what `work` returns
   * @throws {GuardError} a `GuardError`, if the call must not go on: answer with its `toResponse()`
   * @throws {ConfigurationError} a `ConfigurationError`, in the cases of `require`, for a store that has no
   * transactions, and without a `transaction` or `work`
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
   * Checks a call like `protect`, for an operation that runs in no transaction of the store. It uses the request's
   * grant up once, and only if everything in the grant matches the call. If the operation fails afterwards, the grant
   * is lost. It does *not* check that the person may do this. Call it right before the operation, after you have
   * authenticated the request.
   *
   * @param request the call, with its grant in the header `Step-Up-Grant`
   * @param action one of the guard's `actions`
   * @param options who makes the call, and what it is about
   * @returns the record of the login, for your ledger
   * @throws {GuardError} a `GuardError`, if the call must not go on: answer with its `toResponse()`
   * @throws {ConfigurationError} a `ConfigurationError`: for an action that is not configured, a missing `subject`, an
   * `authTime` that is not epoch seconds of the past (e.g. milliseconds), a required `context` that is missing, a
   * `context` that JSON cannot hold, and a `transaction`
   */
  readonly require: <Action extends ActionOf<Policies>>(
    request: Request,
    action: Action,
    options: RequireOptions<Policies[Action]>,
  ) => Promise<StepUpRecord>
  /**
   * Tests the set-up, so that a mistake shows when the backend starts and not at the first payment. It tries the store
   * and loads the OP's keys. With a `stepUpClient`, it checks the client's key and whether the OP has the endpoints
   * that the client needs. Calling it is optional. It can be called again, e.g. by a readiness probe.
   *
   * @throws {Error} an `Error` that says what the store or the OP did wrong
   */
  readonly ready: () => Promise<void>
  /**
   * For how many seconds the person's login stays fresh enough for an action, so that a page can count down or ask
   * early. It decides nothing. Only `protect` and `require` decide, and they take no hint.
   *
   * @param action one of the guard's `actions`
   * @param claims the claims of a token that the backend has verified. They are *not* verified here
   * @returns the hint, for the page
   * @throws {ConfigurationError} a `ConfigurationError`, for an action that is not configured
   */
  readonly freshness: <Action extends ActionOf<Policies>>(
    action: Action,
    claims: Readonly<Record<string, unknown>>,
  ) => FreshnessHint<Action>
  /**
   * Checks a request's DPoP proof against the access token in its `Authorization: DPoP` header. It is for an API that
   * takes sender-constrained access tokens. The token is *not* verified here: verify it first, and pass its claims.
   * Their `cnf.jkt` must be the key of the proof. A Bearer token is refused, so call this for every request or for
   * none. Give `protect` or `require` the same `Request` object, because a proof is good for one `Request` only.
   *
   * @param request the call, with its headers `Authorization` and `DPoP`
   * @param claims the claims of the access token that you have verified
   * @throws {GuardError} a `GuardError`: `invalid_dpop_proof` if there is no proof or it does not hold, `invalid_token`
   * if the token is bound to another key
   * @throws {ConfigurationError} a `ConfigurationError`, if the claims are no object, or `publicUrl` is missing
   * @see RFC 9449 §4.3, §6.1, §7.1
   */
  readonly checkDpop: (
    request: Request,
    claims: { readonly cnf?: unknown } | Readonly<Record<string, unknown>>,
  ) => Promise<void>
  /**
   * Verifies the request by which the OP says that a session has ended (back-channel logout), and says whose session it
   * is. It does *not* end the session of your app. End it yourself, e.g. by refusing access tokens with that `sid`, and
   * answer with a 200. The logout token is used up by then, so a second attempt of the OP is refused. End the session
   * in one step, or finish by yourself what failed. Encrypted logout tokens (JWE) are refused.
   *
   * @param request the OP's request, with a body that was not read before
   * @returns whose session has ended
   * @throws {GuardError} a `GuardError`: `invalid_request` with the claim that does not fit in `detail`, or
   * `temporarily_unavailable`. Answer with its `toResponse()`
   * @throws {ConfigurationError} a `ConfigurationError`, if the body was read before
   * @see OpenID Connect Back-Channel Logout 1.0 §2.5, §2.6, §2.8
   * @example
   * const { iss, sub, sid, iat } = await guard.verifyLogoutToken(request)
   * await endSessions({ iss, sub, sid, until: iat }) // without `sid`, all sessions of the person
   * return new Response(null, { headers: { 'Cache-Control': 'no-store' } })
   */
  readonly verifyLogoutToken: (request: Request) => Promise<Logout>
}
