import { isRecord } from '../../core/claims.ts'
import { ConfigurationError } from '../../core/errors.ts'
import type { AuditStep } from '../audit/event.ts'
import type { Trail } from '../audit/trail.ts'
import { checkConfirmation } from '../http/dpop.ts'
import { isUnavailable } from '../http/refusal.ts'
import { guardCall } from '../setup/guard-call.ts'
import type { StoreOption, TransactionOf } from '../stores/store.ts'
import { createEndpoint } from './endpoint.ts'
import type { FreshnessGuard } from './guard.ts'
import { hintOf } from './hint.ts'
import type { GuardOptions } from './options.ts'
import type { ActionPolicies } from './policy.ts'
import { setUpGuard } from './setup.ts'
import { refuseTransaction, storeWithin } from './store-within.ts'
import { findGrant } from './use-grant.ts'
import { verifyLogout } from './verify-logout.ts'

/**
 * Makes the guard of one API. It takes Web-standard `Request`s, gives `Response`s, and needs no framework. It keeps
 * what was used in the store only.
 *
 * @typeParam Policies the guard's actions with their policies
 * @typeParam Store the type of the store; `protect` needs one that has transactions
 * @param options how the guard is set up
 * @throws {ConfigurationError} a `ConfigurationError`, at once, for options that cannot work or would protect less than
 * they seem to
 * @example
 * const guard = createFreshnessGuard({
 *   issuer: 'https://login.example.com', clientId: 'payments', audience: 'https://api.example.com',
 *   keys: [process.env.FRESHNESS_KEY], // 32 random bytes in base64url
 *   actions: { 'payment.approve': { reauthenticate: true, context: 'required' }, 'email.change': { maxAge: 300 } },
 *   store: 'memory', // of one process; several share one
 * })
 */
export function createFreshnessGuard<const Policies extends ActionPolicies, const Store extends StoreOption>(
  options: GuardOptions<Policies, Store>,
): FreshnessGuard<Policies, TransactionOf<Store>> {
  const guard = setUpGuard(options)
  const openTrail = (step: AuditStep): Trail => guard.openTrail({ step, client: guard.clientId })

  return {
    handler: createEndpoint(guard),
    async protect(request, action, protectOptions, work) {
      const store = storeWithin(guard.store, protectOptions)
      if (typeof work !== 'function') throw new ConfigurationError('protect needs the work, as a function')
      const trail = openTrail('use')
      const grant = await guardCall(guard, request, trail, async () => {
        const found = await findGrant(guard, request, action, protectOptions, trail)
        await guard.store.tried()
        return found
      })
      // Not within `guardCall`: an error of the database must reach the caller unchanged.
      const failure = await grant.spend(store)
      if (failure !== null) return guardCall(guard, request, trail, () => grant.refuse(failure))
      const result = await work(grant.record)
      trail.end(grant.used)
      return result
    },
    async require(request, action, requireOptions) {
      refuseTransaction(requireOptions)
      const trail = openTrail('use')
      const { record, used } = await guardCall(guard, request, trail, async () => {
        const grant = await findGrant(guard, request, action, requireOptions, trail)
        const failure = await grant.spend(guard.store)
        return failure === null ? grant : grant.refuse(failure)
      })
      trail.end(used)
      return record
    },
    async ready() {
      try {
        await guard.store.tried()
      } catch (error) {
        throw isUnavailable(error) ? (error.cause ?? error) : error
      }
      await guard.loadKeys()
      await guard.stepUp?.ready()
    },
    freshness: (action, claims) => hintOf(guard, action, claims),
    async checkDpop(request, claims) {
      if (!isRecord(claims)) throw new ConfigurationError('checkDpop needs the claims of the verified token')
      await guardCall(guard, request, openTrail('access_token'), async () =>
        checkConfirmation(await guard.readProof(request, guard.now()), claims.cnf),
      )
    },
    verifyLogoutToken: request =>
      guardCall(guard, request, openTrail('logout'), () => verifyLogout(guard, request)),
  }
}
