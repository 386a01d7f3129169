import { isRecord } from '../../core/claims.ts'
import { challengeLifetime } from '../../core/wire.ts'
import { createKeyRing } from '../crypto/key-ring.ts'
import { createBodyQueue } from '../http/body-queue.ts'
import { createProofReader, type ReadProof } from '../http/dpop.ts'
import { createGate, type Gate, type TimeLimit } from '../http/limits.ts'
import { createProviderKeys } from '../provider/keys.ts'
import { knownOptions } from '../setup/known-options.ts'
import { isOptionalFunction, isText, isWholeNumber, type Need, needFor } from '../setup/need.ts'
import { checkNames } from '../setup/provider-options.ts'
import { readPublicUrl } from '../setup/public-url.ts'
import { readKeys } from '../setup/secret-keys.ts'
import { type SharedSetup, setUpShared, sharedOptionNames } from '../setup/shared-options.ts'
import { readStepUpClient } from '../step-up-client/options.ts'
import { createStepUpClient, type StepUpClient } from '../step-up-client/step-up-client.ts'
import type { Binding } from './binding.ts'
import { createCookieBinding } from './cookie-binding.ts'
import { createDpopBinding } from './dpop-binding.ts'
import { createIdTokenVerifier, type VerifyIdToken } from './id-token.ts'
import { createLogoutTokenVerifier, type VerifyLogoutToken } from './logout-token.ts'
import { type GuardOptions, guardOptionNames, longestChallenge } from './options.ts'
import { createOwnTokens, type OwnTokens } from './own-tokens.ts'
import { type ActionPolicy, grantTtl, type Policy, type PolicySetup, readPolicy } from './policy.ts'
import { createProviderClock, type ProviderClock } from './provider-clock.ts'
import { readTrusted } from './trusted-audiences.ts'

/** The options with every default filled in, and what is built from them. */
export interface GuardSetup extends SharedSetup {
  readonly clientId: string
  readonly policies: ReadonlyMap<string, Policy>
  readonly tokens: OwnTokens
  readonly verifyIdToken: VerifyIdToken
  /** Pushes requests, and redeems codes; undefined where the app's client does all of it. */
  readonly stepUp: StepUpPart | undefined
  readonly verifyLogoutToken: VerifyLogoutToken
  readonly authenticate: GuardOptions['authenticate']
  readonly challengeTtl: number
  readonly opClockBehind: number
  readonly providerClock: ProviderClock
  /** Fetches the OP's keys, unless they were fetched within the last ten minutes. Rejects when that fails. */
  readonly loadKeys: () => Promise<unknown>
  /** Makes sure that the OP has answered within the last ten minutes, if it can be reached. Resolves in any case. */
  readonly measureProvider: () => Promise<void>
  readonly binding: Binding
  readonly readProof: ReadProof
  readonly dpop: boolean
  /** Limits the requests that are worked on, once their body has arrived. */
  readonly gate: Gate
  /** Limits the bodies that are still arriving. */
  readonly bodies: TimeLimit
}

/** The guard's own client, and the ID Tokens that are made out to it. */
export interface StepUpPart extends StepUpClient {
  readonly verifyIdToken: VerifyIdToken
}

/** Checks the options and builds what the guard needs. @throws {ConfigurationError} */
export function setUpGuard(options: GuardOptions): GuardSetup {
  const need: Need = needFor('createFreshnessGuard')
  need(isRecord(options), 'the options must be an object')
  knownOptions(need, options, [...sharedOptionNames, ...guardOptionNames])
  checkGuardOptions(options, need)
  const { clientId, audience, challengeTtl = challengeLifetime, maxConcurrent = 1_000 } = options
  const { authenticate, dpop = false, opClockBehind = 0, maxUnfinished = 1_000 } = options

  const common = setUpShared(options, need)
  const { issuer, issuers, iatLag, clockSkew, store, profile, isAccessToken } = common
  const { trustedAudiences = profile.trustedAudiences } = options
  const trusted = trustedAudiences === undefined ? undefined : readTrusted(trustedAudiences, common, need)
  checkNames(issuers, options, need)
  const providerClock = createProviderClock(clockSkew, common.now, common.steady)
  const shared = { ...common, onAnswer: providerClock.sawAnswer }
  need(isWholeNumber(opClockBehind, 0, clockSkew), 'opClockBehind must be whole seconds, 0 to clockSkew')

  const expectedUrl = readPublicUrl(options.publicUrl, audience, need)
  need(!dpop || expectedUrl !== undefined, 'dpop needs publicUrl, or an audience that is a URL')
  const stepUpClient = options.stepUpClient === undefined ? undefined : readStepUpClient(options.stepUpClient)
  const policies = readPolicies(options.actions, { ...common, stepUp: stepUpClient?.pushed }, need)
  const keys = createKeyRing(readKeys(options.keys, need))
  const maxJoining = maxJoiningOf(maxConcurrent)
  const providerKeys = createProviderKeys({ ...shared, maxJoining })
  const readProof = createProofReader({ store, audience, prefix: 'dpop', clockSkew, expectedUrl })
  const verifierFor = (clientId: string): VerifyIdToken =>
    createIdTokenVerifier({
      ...{ issuer, issuers, clientId, iatLag, clockSkew, isAccessToken, findKey: providerKeys.find },
      ...(trusted && { trustedAudiences: trusted }),
      onVerified: providerClock.sawToken,
    })
  // Long enough for a challenge answered at the last moment, whose grant is used at the last moment.
  const maxAge = challengeTtl + Math.max(...Array.from(policies.values(), grantTtl))

  return {
    ...{ ...shared, clientId, policies, authenticate, challengeTtl, opClockBehind, providerClock },
    ...{ readProof, dpop },
    tokens: createOwnTokens(keys, { issuer, audience, clientId, since: store.since ?? 0 }),
    verifyIdToken: verifierFor(clientId),
    stepUp: stepUpClient && {
      ...createStepUpClient(stepUpClient, { ...shared, maxWaiting: Math.max(1, maxJoining) }),
      verifyIdToken: verifierFor(stepUpClient.clientId),
    },
    verifyLogoutToken: createLogoutTokenVerifier({ ...common, clientId, findKey: providerKeys.find }),
    loadKeys: providerKeys.load,
    async measureProvider() {
      // `onError` has been called already. A challenge is issued all the same.
      await providerKeys.load().catch(() => {})
    },
    binding: dpop
      ? createDpopBinding(readProof)
      : createCookieBinding({ ...options.cookie, keys, audience, maxAge }),
    gate: createGate(maxConcurrent),
    bodies: createBodyQueue(maxUnfinished),
  }
}

/** Fewer than half of the places, so that requests whose key is at hand always have the others. */
const maxJoiningOf = (maxConcurrent: number): number => Math.min(100, Math.floor((maxConcurrent - 1) / 2))

function checkGuardOptions(options: GuardOptions, need: Need): void {
  const { clientId, audience, challengeTtl = challengeLifetime, cookie = {}, dpop = false } = options
  const { maxConcurrent = 1_000, maxUnfinished = 1_000, authenticate } = options
  need(isText(clientId), 'clientId is missing')
  need(isText(audience), 'audience is missing: a name for this API, e.g. its URL')
  need(isWholeNumber(challengeTtl, 1, longestChallenge), 'challengeTtl must be whole seconds, 1 to 3,600')
  need(isWholeNumber(maxConcurrent, 1, 1_000_000), 'maxConcurrent must be a whole number, 1 or more')
  need(isWholeNumber(maxUnfinished, 1, 1_000_000), 'maxUnfinished must be a whole number, 1 or more')
  need(isOptionalFunction(authenticate), 'authenticate must be a function')
  need(typeof dpop === 'boolean', 'dpop must be a boolean')
  need(!(dpop && options.cookie), 'cookie and dpop exclude each other')
  need(options.cookie === undefined || isRecord(options.cookie), 'cookie must be an object')
  knownOptions(needFor('createFreshnessGuard: cookie'), cookie, ['name', 'secure'])
  need(/^[\w-]{1,64}$/.test(cookie.name ?? 'afresh'), 'cookie.name must be a word')
  need(cookie.secure === undefined || typeof cookie.secure === 'boolean', 'cookie.secure must be a boolean')
}

/** A map, so that `constructor` and `__proto__` are not actions. */
function readPolicies(
  actions: GuardOptions['actions'],
  common: PolicySetup,
  need: Need,
): ReadonlyMap<string, Policy> {
  const entries = Object.entries<ActionPolicy>(actions ?? {})
  need(entries.length > 0, 'actions must name one action or more')
  return new Map(entries.map(([action, policy]) => [action, readPolicy(action, policy, common)]))
}
