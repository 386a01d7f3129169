import { decodeBase64urlText } from '../core/base64url.ts'
import { grantHeader } from '../core/wire.ts'
import { createFreshnessGuard } from '../server/freshness/create-guard.ts'
import type { FreshnessGuard } from '../server/freshness/guard.ts'
import type { GuardOptions } from '../server/freshness/options.ts'
import { type ActionPolicy, grantTtl } from '../server/freshness/policy.ts'
import type { GrantFailure } from '../server/http/guard-error.ts'
import { type Need, needFor } from '../server/setup/need.ts'
import { memoryStore } from '../server/stores/memory.ts'
import { cookiesOf, requestWith, withCookies } from './browser-headers.ts'
import { createExchange, inWords, readGuardAnswer } from './test-exchange.ts'
import type { TestGrant, TestGuard, TestWish } from './test-guard-types.ts'
import type { TestOp } from './test-op.ts'

/** A grant, and the cookies of the browser that it is for. */
interface Issued {
  readonly grant: string
  readonly cookies: string
}

/** What is different where the guard shall refuse the grant. */
interface Variant {
  readonly action?: string
  readonly wish?: TestWish
  readonly options?: Partial<GuardOptions>
  /** Seconds that the grant is old. */
  readonly age?: number
}

/**
 * Makes grants as the guard does, by a twin of it that has the same keys. So the guard's own store, clock and audit see
 * nothing of it, and grants can be asked for at the same time.
 */
export function createGrantMaker(
  op: TestOp,
  options: GuardOptions,
  guard: FreshnessGuard,
): TestGuard['grantFor'] {
  const need: Need = needFor('createTestGuard')

  const issue = async (action: string, wish: TestWish, { age = 0, ...variant }: Variant): Promise<Issued> => {
    // A login in the second of its challenge does not count as a new one, so the person was asked a second before.
    let ago = options.actions[action]?.reauthenticate ? age + 1 : age
    const now = (): number => op.clock.now() - ago
    const { authenticate: _, ...shared } = options
    const store = { ...memoryStore({ now }), since: 0 }
    const unheard = { audit: undefined, onError: () => {} }
    const twinOptions: GuardOptions = { ...shared, ...variant.options, ...unheard, now, store }
    const twin = createFreshnessGuard(twinOptions)
    const { ask, prove } = createExchange(op, twinOptions, 'https://api.example/api/freshness')
    const name = variant.action ?? action
    const asked = await twin.handler(await ask(name, wish, { now: now(), authTime: now() }))
    const cookies = cookiesOf(asked)
    const first = await readGuardAnswer(asked, need)
    if (first.status === 'granted') return { grant: first.grant, cookies }
    need(first.status === 'challenged', `there is no grant for "${action}": ${inWords(first)}`)
    ago = age
    const login = { now: now(), authTime: now(), handler: twin.handler }
    const proof = await prove(name, wish, first, { Cookie: cookies }, login)
    const second = await readGuardAnswer(await twin.handler(proof), need)
    need(second.status === 'granted', `there is no grant for "${action}": ${inWords(second)}`)
    return { grant: second.grant, cookies }
  }

  return async (action, { refusedAs, ...wish }) => {
    const policy = options.actions[action]
    need(policy !== undefined, `there is no action "${action}"`)
    const variant = refusedAs === undefined ? {} : variantFor(refusedAs, action, wish, policy, options)
    const issued = await issue(action, variant.wish ?? wish, variant)
    const other = refusedAs === 'binding_mismatch' ? await issue(action, wish, {}) : issued
    const headers = withCookies(wish.headers ?? {}, other.cookies)
    if (refusedAs === 'grant_missing') return grantOf(headers)
    const grant = refusedAs === 'grant_invalid' ? tampered(issued.grant) : issued.grant
    const made = grantOf({ ...headers, [grantHeader]: grant })
    if (refusedAs === 'already_used') await spend(guard, action, wish, made)
    return made
  }
}

function grantOf(headers: TestGrant['headers']): TestGrant {
  return { headers, request: (url, init) => requestWith(headers, url, init) }
}

function variantFor(
  failure: GrantFailure,
  action: string,
  wish: TestWish,
  policy: ActionPolicy,
  { actions }: GuardOptions,
): Variant {
  switch (failure) {
    case 'grant_expired':
      return { age: grantTtl(policy) + 1 }
    case 'action_mismatch': {
      const another = `another than ${action}`
      return { action: another, options: { actions: { ...actions, [another]: policy } } }
    }
    case 'subject_mismatch':
      return { options: { subjectOf: () => 'another-person' } }
    case 'context_mismatch':
      return { wish: { ...wish, context: { another: wish.context ?? null } } }
    case 'policy_changed': {
      const before: ActionPolicy = { ...policy, maxAge: policy.maxAge === 300 ? 301 : 300 }
      return { options: { actions: { ...actions, [action]: before } } }
    }
    case 'grant_missing':
    case 'grant_invalid':
    case 'binding_mismatch':
    case 'already_used':
      return {}
  }
}

/** The same grant, whose MAC does not hold. */
function tampered(grant: string): string {
  const start = grant.lastIndexOf('.') + 1
  return `${grant.slice(0, start)}${grant[start] === 'A' ? 'B' : 'A'}${grant.slice(start + 1)}`
}

async function spend(
  guard: FreshnessGuard,
  action: string,
  { context }: TestWish,
  made: TestGrant,
): Promise<void> {
  const payload = made.headers[grantHeader]?.split('.')[1] ?? ''
  const { sub: subject } = JSON.parse(decodeBase64urlText(payload) ?? '')
  await guard.require(made.request('/'), action, { subject, ...(context !== undefined && { context }) })
}
