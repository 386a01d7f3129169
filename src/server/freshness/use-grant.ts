import { ConfigurationError } from '../../core/errors.ts'
import type { Outcome, Trail } from '../audit/trail.ts'
import type { GrantFailure } from '../http/guard-error.ts'
import { localeOf } from '../http/locale.ts'
import { isCrossSite } from '../http/origin.ts'
import { failed } from '../http/refusal.ts'
import { GrantRefusal } from '../http/step-up-refusal.ts'
import type { StoreWithin } from '../stores/store.ts'
import { challengeAnswer, type Matter, type Wish } from './issue-answers.ts'
import { judgeGrant } from './judge-grant.ts'
import type { GrantClaims } from './own-claims.ts'
import type { Policy } from './policy.ts'
import type { GuardSetup } from './setup.ts'
import { grantKey } from './store-keys.ts'
import { readUseOptions, type UseOptions } from './use-options.ts'

/** What to write into your ledger: who did what, and how and when that person authenticated for it. */
export interface StepUpRecord {
  /** The person, as the guard's `subjectOf` names them. Default: the `sub` of their ID Token. */
  readonly subject: string
  /** The action that was granted, as it stands in `actions` of the guard. */
  readonly action: string
  /** When the person authenticated, in epoch seconds. */
  readonly authTime: number
  /**
   * The authentication context class of the login. If the login reports several (`acrs`), it is the one that met the
   * policy. Undefined if the OP does not say.
   */
  readonly acr: string | undefined
  /** How the person authenticated, such as `pwd` or `otp` (RFC 8176). Undefined if the OP does not say. */
  readonly amr: readonly string[] | undefined
  /** The hash of what was approved, as `contextHash` makes it. Undefined if there was no context. */
  readonly contextHash: string | undefined
  /** The `jti` of the challenge that the person answered. Undefined if the person was fresh enough without one. */
  readonly challengeId: string | undefined
  /**
   * Whether the guard asked the OP by `authorization_details`, and the OP has granted them. It does *not* say that the
   * OP has shown them to the person.
   */
  readonly detailsReturned: boolean
}

/** A grant that holds for a call, and is not used up yet. */
export interface UsableGrant {
  readonly record: StepUpRecord
  /** What to report once it is used. */
  readonly used: Outcome
  /**
   * Uses the grant up. Resolves with null, or with why the call must not go on. Errors of the store reject unchanged.
   */
  readonly spend: (store: StoreWithin) => Promise<GrantFailure | null>
  /** Throws the refusal of a grant that could not be used up. */
  readonly refuse: (reason: GrantFailure) => Promise<never>
}

/**
 * Use, up to the moment when the grant is consumed: checks that the request's grant is for this action, person, context
 * and browser.
 *
 * @throws {GrantRefusal} 401 with a new challenge
 * @throws {Refusal} 400 for a context without canonical JSON, or a page of another site
 * @throws {ConfigurationError} for an action that is not configured, and for options that make no sense
 */
export async function findGrant(
  guard: GuardSetup,
  request: Request,
  action: string,
  options: UseOptions,
  trail: Trail,
): Promise<UsableGrant> {
  const now = guard.now()
  const policy = guard.policies.get(action)
  if (!policy) throw new ConfigurationError(`Action "${action}" is not configured`)
  const latest = now + guard.clockSkew
  const { subject: sub, authTime, hash } = await readUseOptions(action, policy, options, latest)
  trail.note({ action, sub })
  const wish = { sub, action, context_hash: hash }
  const matter: Matter = { context: options.context, locale: localeOf(undefined, request) }
  const refuse = (reason: GrantFailure): Promise<never> =>
    demandStepUp(guard, request, { wish, policy, matter, baseline: authTime }, reason)

  const grant = await judgeGrant(guard, request, wish, policy, now, trail)
  if (typeof grant === 'string') return refuse(grant)
  return {
    record: recordOf(grant),
    used: { event: 'used', step: 'use', action, sub, jti: grant.jti },
    async spend(store) {
      const ttl = grant.exp - now + 2 * guard.clockSkew
      if (!(await store.consume(grantKey(grant.jti), ttl))) return 'already_used'
      // The database may have waited for a transaction that used the same grant, and what that one wrote may have
      // expired meanwhile.
      return guard.now() < grant.exp ? null : 'grant_expired'
    },
    refuse,
  }
}

function recordOf(grant: GrantClaims): StepUpRecord {
  const { sub: subject, action, auth_time: authTime, acr, amr, context_hash, challenge_jti } = grant
  const about = { subject, action, authTime, acr, amr, contextHash: context_hash }
  return { ...about, challengeId: challenge_jti, detailsReturned: grant.details_returned === true }
}

interface Demanded {
  readonly wish: Wish
  readonly policy: Policy
  readonly matter: Matter
  readonly baseline: number | undefined
}

async function demandStepUp(
  guard: GuardSetup,
  request: Request,
  { wish, policy, matter, baseline }: Demanded,
  reason: GrantFailure,
): Promise<never> {
  // Our cookie would not come back from there, so a challenge could never be answered.
  if (!guard.dpop && isCrossSite(request)) throw failed('cross_site')
  const { answer, about } = await challengeAnswer(guard, request, wish, policy, matter, baseline)
  throw new GrantRefusal(reason, answer, about)
}
