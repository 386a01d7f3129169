import { accountOf, loginHintOf } from '../../core/account.ts'
import { ConfigurationError } from '../../core/errors.ts'
import { evaluateFreshness } from '../../core/freshness.ts'
import { isExpired } from '../../core/id-token.ts'
import type { AskRequest } from '../../core/wire.ts'
import type { Trail } from '../audit/trail.ts'
import { contextHash } from '../crypto/hash.ts'
import { authTimeProblem } from '../http/auth-time-problem.ts'
import { localeOf } from '../http/locale.ts'
import { plainProblem, problem } from '../http/problem.ts'
import { denied, failed, reasonOf } from '../http/refusal.ts'
import { isText } from '../setup/need.ts'
import { checkAuthTime } from './check-auth-time-option.ts'
import { challengeAnswer, type DecidedAnswer, grantAnswer, type Matter } from './issue-answers.ts'
import { type Evidence, judgeStanding } from './judge-login.ts'
import { type Policy, policyOf } from './policy.ts'
import type { GuardSetup } from './setup.ts'
import { subjectIn } from './subject-in.ts'

interface Person {
  readonly sub: string
  readonly evidence: Evidence
  /** An expired session still names the person, but proves nothing. */
  readonly expired: boolean
  /** What the OP may know them by. */
  readonly loginHint: string | undefined
}

/**
 * Ask: gives a grant to a person who is fresh enough already, and a challenge to any other. Writes nothing to the
 * store.
 *
 * @throws {Refusal}
 */
export async function ask(
  guard: GuardSetup,
  request: Request,
  message: AskRequest,
  now: number,
  trail: Trail,
): Promise<DecidedAnswer> {
  const { clockSkew } = guard
  const { action, context_hash } = message
  const policy = policyOf(guard.policies, action)
  trail.note({ action })
  await checkContext(message, policy)
  const { sub, evidence, expired, loginHint } = await identify(guard, request, message.id_token, now)
  trail.note({ sub })
  const wish = { sub, action, context_hash }
  const locale = localeOf(message.ui_locales, request)
  const matter: Matter = { context: message.context, locale, loginHint }
  const { claims } = evidence

  // An auth_time that makes no sense would fail the proof as well, so it is refused before the person signs in again.
  const authTimeFailure = evaluateFreshness(claims, {}, now, clockSkew)
  if (authTimeFailure !== null && authTimeFailure !== 'auth_time_missing') {
    throw denied(authTimeFailure, authTimeProblem(authTimeFailure, claims.auth_time))
  }
  const authTime = authTimeFailure === null ? (claims.auth_time as number) : undefined

  // Where the OP shall show what is approved, no earlier login will do.
  const mayBeFresh =
    !policy.reauthenticate && !policy.authorizationDetails && !expired && authTime !== undefined
  if (mayBeFresh && judgeStanding(policy, evidence, { now, clockSkew }) === null) {
    const { hash: binding, cookies } = await guard.binding.bind(request, now)
    const login = { ...claims, auth_time: authTime }
    const { answer, about } = await grantAnswer(guard, wish, policy, login, { binding }, now)
    return { answer: { ...answer, cookies }, outcome: { event: 'granted', step: 'ask', ...about } }
  }
  const { answer, about } = await challengeAnswer(guard, request, wish, policy, matter, authTime)
  return { answer, outcome: { event: 'challenged', step: 'ask', ...about } }
}

/** A context is shown to the person, and then only its hash counts: so both must be of one thing. @throws {Refusal} 400 */
async function checkContext({ context, context_hash }: AskRequest, policy: Policy): Promise<void> {
  const refuse = (rule: string, cause?: unknown): Error =>
    failed('invalid_request', { cause, problem: plainProblem(rule) })
  if (policy.context === 'required' && context_hash === undefined)
    throw refuse('the policy of this action requires a `context`')
  if (context === undefined) {
    if (!policy.authorizationDetails) return
    throw refuse(
      'the policy of this action has authorizationDetails, so the `context` itself is needed, not its hash alone',
    )
  }
  const hash = await contextHash(context).catch(cause => {
    throw refuse('the `context` has no canonical JSON (RFC 8785)', cause)
  })
  if (hash !== context_hash) throw refuse('the `context_hash` is not that of the `context` (RFC 8785)')
}

async function identify(
  guard: GuardSetup,
  request: Request,
  idToken: string | undefined,
  now: number,
): Promise<Person> {
  if (guard.authenticate) return authenticated(await personOf(guard.authenticate, request), guard, now)
  if (idToken === undefined)
    throw failed('invalid_request', {
      problem: plainProblem('there is no `id_token`, and the guard has no `authenticate`'),
    })
  const claims = await guard.verifyIdToken(idToken, now)
  const evidence = { claims, isComplete: true }
  const expired = isExpired(claims, now, guard.clockSkew)
  return { sub: subjectIn(guard, claims), evidence, expired, loginHint: loginHintOf(accountOf(claims)) }
}

async function personOf(
  authenticate: NonNullable<GuardSetup['authenticate']>,
  request: Request,
): Promise<unknown> {
  try {
    return await authenticate(request)
  } catch (reason) {
    throw reasonOf(reason, 'authenticate')
  }
}

/** @throws {ConfigurationError} for anything that names no person, because such a challenge could not be answered */
function authenticated(person: unknown, { clockSkew }: GuardSetup, now: number): Person {
  if (person === null)
    throw denied('invalid_token', problem('authenticate', 'says that no person is signed in'))
  const { subject, authTime } = Object(person) as { subject?: unknown; authTime?: unknown }
  if (!isText(subject)) {
    throw new ConfigurationError(
      'authenticate must return null, or { subject }: text, the name that the ID Token’s claims give (sub, or subjectOf)',
    )
  }
  checkAuthTime('authenticate: authTime', authTime, now + clockSkew)
  const claims = { sub: subject, auth_time: authTime }
  return { sub: subject, evidence: { claims, isComplete: false }, expired: false, loginHint: undefined }
}
