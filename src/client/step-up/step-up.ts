import type { Account } from '../../core/account.ts'
import { encodeBase64url } from '../../core/base64url.ts'
import { canonicalJson } from '../../core/canonical-json.ts'
import { defined } from '../../core/defined.ts'
import {
  ConfigurationError,
  InteractionCancelledError,
  InteractionRequiredError,
  StepUpUnmetError,
} from '../../core/errors.ts'
import { type Demand, joinDemands, stepUpRequest } from '../../core/step-up-request.ts'
import type { TokenSet } from '../../core/tokens.ts'
import type { GrantedAnswer, ProveRequest } from '../../core/wire.ts'
import { grantHeader } from '../../core/wire.ts'
import { asAuthError } from '../../op/errors.ts'
import type { ClientContext } from '../context.ts'
import type { AuthorizedFetch, Send } from '../fetch.ts'
import type { Interactions } from '../interactions.ts'
import { createAskToken } from './ask-token.ts'
import { askBackend } from './backend.ts'
import { type Challenge, challengeOf, readChallenge } from './challenged.ts'
import { pauseUntil } from './pause.ts'
import { createProofs } from './proofs.ts'
import { createSilentStepUp } from './silent-step-up.ts'
import { createTurns, type Turn } from './step-up-queue.ts'
import { asUnmet } from './unmet.ts'

export interface StepUpOptions {
  /** What is approved, as plain JSON: the backend must find the same in what it is then asked to do. */
  readonly context?: unknown
  /** What to find again after a full-page redirect; JSON. */
  readonly input?: unknown
  /**
   * Who decides. `backend`: the freshness endpoint, before the action is performed. `access-token`: the resource server
   * that is then called, by what its access tokens say (RFC 9470); nothing is asked before. Default: `backend`.
   */
  readonly decides?: 'backend' | 'access-token'
  /** The `Idempotency-Key` of every attempt at this action. Default: a random one. */
  readonly idempotencyKey?: string
  /** Why the person is asked, for the prompt's words. */
  readonly reason?: string
  readonly signal?: AbortSignal
  readonly onStatus?: (status: StepUpStatus) => void
}

/** `waiting`: for another step-up, here or in another tab, that may be enough for this one too. */
export type StepUpStatus = 'checking' | 'waiting' | 'confirming' | 'authenticating' | 'verifying'

/** The backend's word that this person may do this action now: once, and for about a minute. */
export interface Grant {
  /**
   * `client.fetch`, with the grant in its `Step-Up-Grant` header for calls to the freshness endpoint's origin, and
   * there with the `Idempotency-Key` for what is no GET or HEAD and has none.
   */
  readonly fetch: typeof fetch
  /** Seconds; 0 when there is no grant because nothing was asked (`decides: 'access-token'`). */
  readonly expiresIn: number
  /** The same for every attempt at this action, for servers that do nothing twice. */
  readonly idempotencyKey: string
}

/** What a step-up tells the page that its full-page redirect comes back to. */
export interface StepUpPurpose {
  readonly kind: 'step_up'
  readonly action: string
  readonly expected: Account
  /** Null when a resource server asked, by its header alone. */
  readonly challenge: string | null
  readonly input: unknown
  readonly idempotencyKey: string
}

/** What a request belongs to, for when it needs a step-up. */
export type About = Required<Pick<StepUpOptions, 'input' | 'idempotencyKey'>> & {
  readonly action: string
  readonly reason?: string | undefined
  readonly onStatus: (status: StepUpStatus) => void
}

export interface StepUps {
  run(action: string, options?: StepUpOptions): Promise<Grant>
  /** Goes on with the one that came back from a full-page redirect, with its proof or by asking again. */
  resume(proof: ProveRequest | null, options: StepUpOptions): Promise<Grant>
  /** Does what a 401 asks for, once, and sends the request again, once. Its answer is the answer. */
  answer(request: Request, refused: Response, send: Send, about?: About): Promise<Response>
}

/**
 * Ask, let the OP answer in silence or send the person there if a server says so, prove. The browser decides nothing of
 * it.
 */
export function createStepUps(
  clientContext: ClientContext,
  interactions: Pick<Interactions, 'start'>,
  authorizedFetch: AuthorizedFetch,
  renew: () => Promise<void>,
): StepUps {
  const { options, op, vault, machine, tabs, name, disposed, log: logger } = clientContext
  const silent = createSilentStepUp(clientContext)
  const proofs = createProofs(clientContext, silent)
  const askToken = createAskToken(clientContext, renew)
  const { freshnessEndpoint: endpoint, timeLimit: seconds } = options
  const alone = options.tabs === 'isolated' || !navigator.locks
  const take = createTurns(alone ? null : `afresh:step-up:${name}`, disposed)
  const isGuards = ({ url }: Request): boolean => new URL(url).origin === options.guardOrigin

  const session = (): TokenSet => {
    if (!vault.current) throw new InteractionRequiredError('login_required')
    return vault.current
  }

  const grantOf = (about: About, granted?: GrantedAnswer): Grant => {
    const { action, idempotencyKey } = about
    if (granted) logger({ type: 'freshness.granted', action })
    return {
      expiresIn: granted?.expires_in ?? 0,
      idempotencyKey,
      fetch: (input, init) => {
        const request = new Request(input, init)
        // Only the guard's own origin may see a grant.
        if (!granted || !isGuards(request)) return authorizedFetch(request, about)
        const { headers, method } = request
        headers.set(grantHeader, granted.grant)
        if (!/^(GET|HEAD)$/.test(method) && !headers.has('Idempotency-Key'))
          headers.set('Idempotency-Key', idempotencyKey)
        logger({ type: 'grant.used', action })
        return authorizedFetch(request, about)
      },
    }
  }

  /** The person's visit to the OP. */
  const visit = async (turn: Turn, about: About, challenge: string | null): Promise<TokenSet> => {
    const { action, input, idempotencyKey, reason, onStatus } = about
    const { account: expected } = session()
    const purpose: StepUpPurpose = { kind: 'step_up', action, expected, challenge, input, idempotencyKey }
    onStatus('confirming')
    try {
      return await interactions.start({
        kind: 'step_up',
        action,
        reason,
        expected,
        purpose,
        request: async stopped => {
          const { leaveAt } = turn.demand
          if (leaveAt !== undefined) await pauseUntil(leaveAt, stopped)
          return stepUpRequest(turn.demand, expected, options.profile)
        },
        returnTo: location.href,
        signal: turn.signal,
        onWindow: () => {
          turn.close()
          onStatus('authenticating')
        },
      })
    } catch (cause) {
      const error = asUnmet(cause, turn.demand.acrValues)
      if (error instanceof StepUpUnmetError) proofs.unmet(action, error)
      throw error
    }
  }

  const inTurn = async <T>(
    demand: Demand,
    signal: AbortSignal,
    { onStatus }: About,
    work: (turn: Turn) => Promise<T>,
  ): Promise<T> => {
    const turn = await take(demand, signal, () => onStatus('waiting'))
    try {
      // After this, whatever another tab has told is known here.
      if (turn.waited) await tabs.ask(() => false)
      const result = await work(turn)
      turn.end(null)
      return result
    } catch (error) {
      turn.end(asAuthError(error))
      throw error
    }
  }

  /** Once more after waiting: those who joined meanwhile still need what they need. */
  const retake = (turn: Turn, demand: Demand): void => {
    const { acrValues, maxAge } = turn.demand
    turn.demand = joinDemands(demand, defined({ acrValues, maxAge })) ?? demand
  }

  const run: StepUps['run'] = async (action, wish = {}) => {
    const { context, input, reason, signal = new AbortController().signal, onStatus = () => {} } = wish
    const { decides = 'backend', idempotencyKey = crypto.randomUUID() } = wish
    const about: About = { action, input, idempotencyKey, reason, onStatus }
    if (endpoint === null && decides === 'backend')
      throw new ConfigurationError('stepUp needs `freshness.endpoint`: a backend decides freshness')
    session()
    if (signal.aborted) throw new InteractionCancelledError('aborted')
    if (endpoint === null || decides === 'access-token') return grantOf(about)
    onStatus('checking')
    const context_hash = context === undefined ? undefined : await hash(canonicalJson(context))
    const ask = async (): Promise<GrantedAnswer | Challenge> => {
      const id_token = await askToken(signal)
      logger({ type: 'freshness.asked', action })
      const question = defined({ action, context_hash, id_token })
      const answer = await askBackend(op, endpoint, question, { seconds, signal })
      return answer.status === 'granted' ? answer : challengeOf(answer)
    }
    const first = await ask()
    if ('grant' in first) return grantOf(about, first)
    const proof = await inTurn(first.demand, signal, about, async turn => {
      const answer = turn.waited ? await ask() : first
      if ('grant' in answer) return answer
      logger({ type: 'freshness.challenged', action })
      if (answer !== first) retake(turn, answer.demand)
      const { challenge } = answer
      const granted = await proofs.silently(about.action, challenge, turn.demand, turn.signal)
      return granted ?? { challenge, id_token: (await visit(turn, about, challenge)).idToken }
    })
    if ('grant' in proof) return grantOf(about, proof)
    onStatus('verifying')
    return grantOf(about, await proofs.ofLogin(action, proof, signal))
  }

  /** Sends the request again with a grant for the guard's challenge. */
  const answerGuard = async (turn: Turn, about: About, challenge: string, send: Send): Promise<Response> => {
    const granted = await proofs.silently(about.action, challenge, turn.demand, turn.signal)
    if (granted) return send({ grant: granted.grant })
    const { idToken: id_token } = await visit(turn, about, challenge)
    about.onStatus('verifying')
    const { grant } = await proofs.ofLogin(about.action, { challenge, id_token }, turn.signal)
    return send({ grant })
  }

  /** Sends the request again with the access token of a login that meets the resource server's demand. */
  const answerServer = async (turn: Turn, about: About, send: Send): Promise<Response> => {
    const tokens = await silent.answer(turn.demand, turn.signal)
    if (tokens) {
      const response = await send({ accessToken: tokens.accessToken })
      if (response.status !== 401) silent.accept(tokens)
      const again = await readChallenge(response, false)
      if (!again) return response
      retake(turn, again.demand)
    }
    const { claims, accessToken } = await visit(turn, about, null)
    const { acr } = claims
    if (acr !== undefined && turn.demand.acrValues?.includes(acr) === false)
      proofs.unmet(about.action, new StepUpUnmetError('acr_unmet'))
    return send({ accessToken })
  }

  const answer: StepUps['answer'] = async (request, refused, send, given) => {
    const about = given ?? { action: '', input: null, idempotencyKey: '', onStatus: () => {} }
    const { signal } = request
    const first = signal.aborted ? null : await readChallenge(refused, isGuards(request))
    // With a grant the guard was not content: another would be no better.
    if (!first || (first.challenge !== null && request.headers.has(grantHeader))) return refused
    const before = vault.current
    return inTurn(first.demand, signal, about, async turn => {
      let asked = first
      if (turn.waited && vault.current !== before) {
        const second = await send()
        const again = await readChallenge(second, isGuards(request))
        if (!again) return second
        asked = again
        retake(turn, again.demand)
      }
      const { challenge } = asked
      return challenge === null ? answerServer(turn, about, send) : answerGuard(turn, about, challenge, send)
    })
  }

  return {
    run,
    answer,
    resume: async (proof, { onStatus = () => {}, ...rest }) => {
      const { resumed } = machine.store.getState()
      onStatus('verifying')
      if (!resumed) throw new ConfigurationError('No step-up has come back from a redirect')
      if (resumed.error) throw resumed.error
      machine.dispatch({ type: 'step_up.resumed', resumed: null })
      const { action, input, idempotencyKey } = resumed
      const about = { action, input, idempotencyKey, onStatus }
      if (proof) return grantOf(about, await proofs.ofLogin(action, proof, rest.signal))
      return run(action, { ...rest, ...about })
    },
  }
}

async function hash(text: string): Promise<string> {
  return encodeBase64url(
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))),
  )
}
