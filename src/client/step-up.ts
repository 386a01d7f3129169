import type { Account } from '../core/account.ts'
import { encodeBase64url } from '../core/base64url.ts'
import { canonicalJson } from '../core/canonical-json.ts'
import { defined } from '../core/defined.ts'
import {
  ConfigurationError,
  InteractionCancelledError,
  InteractionRequiredError,
  StepUpDeniedError,
} from '../core/errors.ts'
import { stepUpRequest } from '../core/step-up-request.ts'
import type { ProveRequest } from '../core/wire.ts'
import { type GrantedAnswer, grantHeader } from '../core/wire.ts'
import { askBackend } from './backend.ts'
import type { ClientContext } from './context.ts'
import type { Interactions } from './interactions.ts'

export interface StepUpOptions {
  /** What is approved, as plain JSON: the backend must find the same in what it is then asked to do. */
  readonly context?: unknown
  /** What to find again after a full-page redirect; JSON. */
  readonly input?: unknown
  readonly signal?: AbortSignal
  readonly onStatus?: (status: StepUpStatus) => void
}

export type StepUpStatus = 'checking' | 'confirming' | 'authenticating' | 'verifying'

/** The backend's word that this person may do this action now: once, and for about a minute. */
export interface Grant {
  /** `client.fetch`, with the grant in its `Step-Up-Grant` header for calls to the freshness endpoint's origin. */
  readonly fetch: typeof fetch
  /** Seconds. */
  readonly expiresIn: number
}

/** What a step-up tells the page that its full-page redirect comes back to. */
export interface StepUpPurpose {
  readonly kind: 'step_up'
  readonly action: string
  readonly expected: Account
  readonly challenge: string
  readonly input: unknown
}

export interface StepUps {
  run(action: string, options?: StepUpOptions): Promise<Grant>
  prove(action: string, proof: ProveRequest, signal?: AbortSignal): Promise<Grant>
}

/** Ask, send the person to the OP if the backend says so, prove. The browser decides nothing of it. */
export function createStepUps(
  { options, op, vault }: ClientContext,
  interactions: Interactions,
  fetchWithToken: typeof fetch,
): StepUps {
  const { logger, freshnessEndpoint: endpoint, timeLimit: seconds } = options
  const grantOf = (action: string, { grant, expires_in: expiresIn }: GrantedAnswer): Grant => {
    logger({ type: 'freshness.granted', action })
    return {
      expiresIn,
      fetch: (input, init) => {
        const request = new Request(input, init)
        // Only the guard's own origin may see a grant, and there it counts only beside the binding cookie.
        if (new URL(request.url).origin !== new URL(endpoint ?? '').origin) return fetchWithToken(request)
        request.headers.set(grantHeader, grant)
        logger({ type: 'grant.used', action })
        return fetchWithToken(new Request(request, { credentials: 'include' }))
      },
    }
  }

  const prove: StepUps['prove'] = async (action, proof, signal = new AbortController().signal) => {
    logger({ type: 'proof.sent', action })
    try {
      const answer = await askBackend(op, endpoint ?? '', proof, { seconds, signal })
      if (answer.status !== 'granted') throw new StepUpDeniedError('challenge_expired')
      return grantOf(action, answer)
    } catch (error) {
      if (error instanceof StepUpDeniedError) logger({ type: 'proof.denied', action, reason: error.reason })
      throw error
    }
  }

  return {
    prove,
    run: async (
      action,
      { context, input, signal = new AbortController().signal, onStatus = () => {} } = {},
    ) => {
      if (endpoint === null)
        throw new ConfigurationError('stepUp needs `freshness.endpoint`: a backend decides freshness')
      const tokens = vault.current
      if (!tokens) throw new InteractionRequiredError('login_required')
      if (signal.aborted) throw new InteractionCancelledError('aborted')
      onStatus('checking')
      const context_hash = context === undefined ? undefined : await hash(canonicalJson(context))
      logger({ type: 'freshness.asked', action })
      const ask = defined({ action, context_hash, id_token: tokens.idToken })
      const answer = await askBackend(op, endpoint, ask, { seconds, signal })
      if (answer.status === 'granted') return grantOf(action, answer)
      logger({ type: 'freshness.challenged', action })
      onStatus('confirming')
      const { challenge } = answer
      const { account: expected } = tokens
      const purpose: StepUpPurpose = { kind: 'step_up', action, expected, challenge, input }
      const fresh = await interactions.start({
        kind: 'step_up',
        action,
        expected,
        purpose,
        request: stepUpRequest(answer, expected, options.profile),
        returnTo: location.href,
        signal,
        onWindow: () => onStatus('authenticating'),
      })
      onStatus('verifying')
      return prove(action, { challenge, id_token: fresh.idToken }, signal)
    },
  }
}

async function hash(text: string): Promise<string> {
  return encodeBase64url(
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))),
  )
}
