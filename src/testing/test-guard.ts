import { createFreshnessGuard } from '../server/freshness/create-guard.ts'
import type { GuardOptions } from '../server/freshness/options.ts'
import type { ActionPolicies } from '../server/freshness/policy.ts'
import { type Need, needFor } from '../server/setup/need.ts'
import { memoryStore } from '../server/stores/memory.ts'
import type { FreshnessStore, StoreOption } from '../server/stores/store.ts'
import { cookiesOf, withCookies } from './browser-headers.ts'
import { createExchange, inWords, readGuardAnswer } from './test-exchange.ts'
import { createGrantMaker } from './test-grants.ts'
import type { TestGuard, TestGuardOf, TestGuardOptions } from './test-guard-types.ts'
import { createTestOp, type TestOp, testAudience } from './test-op.ts'

const hour = 3600

/**
 * Makes a real freshness guard for tests of a backend. Its OP needs no network, its clock stands still, and it gives
 * grants for the app's own routes at once. Nothing of the guard is replaced.
 *
 * @typeParam Policies the guard's actions with their policies
 * @typeParam Store the type of the store
 * @param given how the test guard is set up
 * @throws {ConfigurationError} a `ConfigurationError`, in the cases of `createFreshnessGuard`, and with `dpop`
 * @example
 * const test = createTestGuard({ actions: { 'payment.approve': { reauthenticate: true, context: 'required' } } })
 * const app = createApp(test.guard)
 * const grant = await test.grantFor('payment.approve', { subject: 'josh', context: payment })
 * const answer = await app.request(grant.request('/api/payments', { method: 'POST', body: JSON.stringify(payment) }))
 */
export function createTestGuard<
  const Policies extends ActionPolicies,
  const Store extends StoreOption = FreshnessStore,
>(given: TestGuardOptions<Policies, Store>): TestGuardOf<Policies, Store> {
  const need: Need = needFor('createTestGuard')
  const { op = createTestOp(), endpoint = 'http://localhost/api/freshness', ...own } = given
  need(!('dpop' in own), 'there is no dpop: in these tests a cookie binds challenges and grants')
  const options = guardOptions(op, own)
  const guard = createFreshnessGuard(options)
  const { ask, prove, idToken } = createExchange(op, options, endpoint)
  const { clock } = op

  const challengeFor: TestGuard['challengeFor'] = async (action, wish) => {
    const issuedAt = clock.now()
    const asked = await ask(action, wish, { now: issuedAt, authTime: issuedAt - hour })
    const response = await guard.handler(asked)
    const answer = await readGuardAnswer(response, need)
    need(answer.status === 'challenged', `there is no challenge for "${action}": ${inWords(answer)}`)
    const headers = withCookies(wish.headers ?? {}, cookiesOf(response))
    return {
      answer,
      headers,
      proof(claims, fault) {
        const now = clock.now()
        const authTime = Math.max(now, issuedAt + 1)
        return prove(action, wish, answer, headers, { now, authTime, claims, fault, handler: guard.handler })
      },
    }
  }
  const test: TestGuard = {
    ...{ guard, clock, op, options, idToken, challengeFor },
    ask: (action, wish) => ask(action, wish, { now: clock.now(), authTime: clock.now() }),
    grantFor: createGrantMaker(op, options, guard),
  }
  return test as TestGuardOf<Policies, Store>
}

function guardOptions(op: TestOp, own: Omit<TestGuardOptions, 'op' | 'endpoint'>): GuardOptions {
  const { store, audience = testAudience, keys = [randomKey()], cookie } = own
  return {
    ...own,
    ...op.options,
    clientId: op.clientId,
    audience,
    keys,
    // The cookie's name must not depend on where the app is called: a test may call it by any URL.
    cookie: { secure: true, ...cookie },
    store: store === undefined || store === 'memory' ? memoryStore({ now: op.clock.now }) : store,
  }
}

function randomKey(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(32))
}
