import { base64url } from 'jose'
import { createProofReader, type ReadProof } from '../http/dpop.ts'
import { createGate, createTimeLimit, type Gate, type TimeLimit } from '../http/limits.ts'
import { failed } from '../http/refusal.ts'
import {
  isText,
  type Need,
  needFor,
  type SharedOptions,
  type SharedSetup,
  setUpShared,
} from '../setup/shared-options.ts'
import type { BindingOptions } from './binding.ts'
import { createIdTokenVerifier, type VerifyIdToken } from './id-token.ts'
import { createOwnTokens, type OwnTokens } from './own-tokens.ts'
import { type ActionPolicy, grantTtl, isSeconds, type Policy, readPolicy } from './policy.ts'

/** Who the backend's own session says is asking. */
export interface AuthenticatedPerson {
  /** The `sub` the OP knows the person by. */
  readonly subject: string
  /** The `auth_time` (epoch seconds) of an ID Token that the backend verified itself; else leave it out. */
  readonly authTime?: number | undefined
}

export interface GuardOptions<Action extends string = string> extends SharedOptions {
  /** The SPA's client id: ID Tokens must be made out to it. */
  readonly clientId: string
  /** A name for this API, e.g. its URL: what its challenges and grants are good for. */
  readonly audience: string
  /**
   * Secrets of 32 random bytes, or their base64url text. The first signs, all verify: to rotate, put the new
   * one in front and take the old one away once the longest challenge has expired.
   */
  readonly keys: readonly (Uint8Array | string)[]
  /** What can be asked for, and how fresh a login each needs. */
  readonly actions: Readonly<Record<Action, ActionPolicy>>
  /** How many requests the endpoint works on at once; more are answered with 503. Default: 1,000. */
  readonly maxConcurrent?: number
  /**
   * Names the person who asks, by the backend's own session, instead of the ID Token that the browser sends.
   * The request's body has been read already. Null: nobody, and Ask is denied. Default: the ID Token names.
   */
  readonly authenticate?: (
    request: Request,
  ) => AuthenticatedPerson | null | Promise<AuthenticatedPerson | null>
  /** Audiences besides `clientId` that may stand in an ID Token's `aud`. Default: none. */
  readonly trustedAudiences?: readonly string[]
  /** Seconds a person has to answer a challenge. Default: 600. */
  readonly challengeTtl?: number
  readonly cookie?: BindingOptions
}

/** The options with every default filled in, and what is built from them. */
export interface GuardSetup extends SharedSetup {
  readonly policies: ReadonlyMap<string, Policy>
  readonly tokens: OwnTokens
  readonly verifyIdToken: VerifyIdToken
  readonly authenticate: GuardOptions['authenticate']
  readonly challengeTtl: number
  readonly readProof: ReadProof
  readonly cookie: BindingOptions
  /** Seconds: a challenge answered at the last moment, and its grant used at the last moment. */
  readonly cookieMaxAge: number
  readonly gate: Gate
  /** For a body to arrive in. */
  readonly inTime: TimeLimit
}

/** @throws {ConfigurationError} */
export function setUpGuard(options: GuardOptions): GuardSetup {
  const need: Need = needFor('createFreshnessGuard')
  const shared = setUpShared(options, need)
  const { issuer, clockSkew, store } = shared
  const { clientId, audience, trustedAudiences = [], challengeTtl = 600, maxConcurrent = 1_000 } = options
  const { authenticate, cookie = {}, publicUrl } = options

  need(isText(clientId), 'clientId is missing')
  need(isText(audience), 'audience is missing: a name for this API, e.g. its URL')
  need(isSeconds(challengeTtl, 1), 'challengeTtl must be whole seconds, 1 or more')
  need(isSeconds(maxConcurrent, 1), 'maxConcurrent must be a whole number, 1 or more')
  need(/^[\w-]+$/.test(cookie.name ?? 'afresh'), 'cookie.name must be a word')

  // A map, so that `constructor` and `__proto__` are not actions.
  const actions = Object.entries<ActionPolicy>(options.actions ?? {})
  need(actions.length > 0, 'actions is empty: nothing could be asked for')
  const policies = new Map(actions.map(([action, policy]) => [action, readPolicy(action, policy)]))

  return {
    ...shared,
    policies,
    tokens: createOwnTokens(readKeys(options.keys, need), issuer, audience),
    verifyIdToken: createIdTokenVerifier({ ...shared, clientId, trustedAudiences }),
    authenticate,
    challengeTtl,
    readProof: createProofReader({ store, prefix: 'dpop', clockSkew, publicUrl }),
    cookie,
    cookieMaxAge: challengeTtl + Math.max(...Array.from(policies.values(), grantTtl)),
    gate: createGate(maxConcurrent),
    inTime: createTimeLimit(10_000, () => failed('request_timeout')),
  }
}

function readKeys(
  keys: readonly (Uint8Array | string)[],
  need: Need,
): [Uint8Array<ArrayBuffer>, ...Uint8Array<ArrayBuffer>[]] {
  const [signingKey, ...olderKeys] = Array.isArray(keys) ? keys.map(key => readKey(key, need)) : []
  need(signingKey !== undefined, 'keys is empty')
  return [signingKey, ...olderKeys]
}

function readKey(key: Uint8Array | string, need: Need): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array()
  try {
    // Copied, so that nobody changes a key under us.
    bytes = Uint8Array.from(typeof key === 'string' ? base64url.decode(key) : key)
  } catch {
    // Of the wrong length, then. The text is a secret: it must not travel in a message or a cause.
  }
  need(bytes.length === 32, 'each of keys must be 32 random bytes, or their base64url text')
  return bytes
}
