import { ConfigurationError } from '../core/errors.ts'
import { readAnswer } from '../core/read-freshness-answer.ts'
import type {
  ChallengedAnswer,
  DeniedAnswer,
  FailedAnswer,
  GrantedAnswer,
  PushedAnswer,
} from '../core/wire.ts'
import { contextHash } from '../server/crypto/hash.ts'
import type { GuardOptions } from '../server/freshness/options.ts'
import type { Need } from '../server/setup/need.ts'
import { requestWith } from './browser-headers.ts'
import type { IdTokenFault } from './id-token-faults.ts'
import type { TestWish } from './test-guard-types.ts'
import type { TestOp } from './test-op.ts'

type Claims = Readonly<Record<string, unknown>>
type Headers = Readonly<Record<string, string>>
type Answer = ChallengedAnswer | GrantedAnswer | DeniedAnswer | FailedAnswer

/** Seconds that ID Tokens live. */
const lifetime = 300

/** When things are, in epoch seconds. */
export interface Moments {
  /** When the ID Token is issued. */
  readonly now: number
  readonly authTime: number
}

/** What browsers send to the freshness endpoint. */
export interface Exchange {
  ask(action: string, wish: TestWish, moments: Moments): Promise<Request>
  prove(
    action: string,
    wish: TestWish,
    challenge: ChallengedAnswer,
    headers: Headers,
    token: Login,
  ): Promise<Request>
  /** An ID Token that says nothing of a login's strength. */
  idToken: TestOp['idToken']
}

/** The login that shall prove, and the guard, to which a request is pushed before where it says so. */
interface Login extends Moments {
  readonly claims?: Claims | undefined
  readonly fault?: Fault | undefined
  readonly handler: (request: Request) => Promise<Response>
}

type Fault = Exclude<IdTokenFault, 'missing'>

export function createExchange(op: TestOp, options: GuardOptions, endpoint: string): Exchange {
  const { provider: { iatLag = 0, acrClaim } = {}, actions } = options

  const post = (headers: Headers, body: object): Request => {
    const type = { 'Content-Type': 'application/json' }
    return requestWith({ ...headers, ...type }, endpoint, { method: 'POST', body: JSON.stringify(body) })
  }
  /** Some OPs date their tokens back. */
  const timesOf = ({ now, authTime }: Moments): Claims => ({
    iat: now - iatLag,
    exp: now + lifetime,
    auth_time: authTime,
  })
  /** What a login says that is as strong as the policy demands. */
  const strengthOf = (action: string): Claims => {
    const { acrValues, amr } = actions[action] ?? {}
    const acr = acrValues?.[0]
    const reported = acrClaim === 'acrs' ? { acrs: [acr] } : { acr }
    return { ...(acr !== undefined && reported), ...(amr && { amr }) }
  }

  return {
    async ask(action, { subject: sub = 'josh', context, claims, headers = {} }, moments) {
      const id_token = await op.idToken({ sub, ...timesOf(moments), ...strengthOf(action), ...claims })
      const about = context === undefined ? {} : { context, context_hash: await contextHash(context) }
      return post(headers, { action, id_token, ...about })
    },
    async prove(action, { subject: sub = 'josh', claims }, { challenge, nonce, pushed }, headers, token) {
      const login = { sub, ...timesOf(token), ...strengthOf(action), ...claims, ...token.claims }
      if (!pushed)
        return post(headers, { challenge, id_token: await op.idToken({ nonce, ...login }, token.fault) })
      const answer = await readPushed(await token.handler(post(headers, { challenge })))
      return post(headers, {
        ...{ challenge, ...(await op.authorizationResponse(answer.request_uri, login, token.fault)) },
      })
    },
    idToken: (claims, fault) => op.idToken({ iat: op.clock.now() - iatLag, ...claims }, fault),
  }
}

async function readPushed(response: Response): Promise<PushedAnswer> {
  const answer = readAnswer(await response.json().catch(() => null))
  if (answer?.status === 'pushed') return answer
  throw new ConfigurationError(`the guard does not push: HTTP ${response.status}`)
}

/** What a guard has answered. */
export async function readGuardAnswer(response: Response, need: Need): Promise<Answer> {
  const answer = readAnswer(await response.json().catch(() => null))
  need(
    answer !== null && answer.status !== 'pushed',
    `the guard's answer is none of Ask or Prove: HTTP ${response.status}`,
  )
  return answer
}

/** An answer in words, for an error. */
export function inWords(answer: Answer): string {
  const { status } = answer
  const { error, error_description: text } = 'error' in answer ? answer : {}
  return [status, error, text].filter(part => part !== undefined).join(': ')
}
