import { encodeBase64url } from '../../core/base64url.ts'
import { canonicalJson } from '../../core/canonical-json.ts'
import { defined } from '../../core/defined.ts'
import { ConfigurationError, InteractionCancelledError } from '../../core/errors.ts'
import type { GrantedAnswer, ProveRequest } from '../../core/wire.ts'
import type { ClientContext } from '../context.ts'
import { notSignedIn } from '../not-signed-in.ts'
import type { StepUpParts } from './answer-401.ts'
import { askBackend } from './ask-backend.ts'
import type { AskToken } from './ask-token.ts'
import { challengeOf, type GuardChallenge } from './challenge.ts'
import type { GrantOf } from './grant.ts'
import type { Grant, StepUpOptions, StepUpSubject } from './step-up-types.ts'

export interface RunStepUp {
  run(action: string, options?: StepUpOptions): Promise<Grant>
  /** Goes on with the one that came back from a full-page redirect, with its proof or by asking again. */
  resume(proof: ProveRequest | null, options: StepUpOptions): Promise<Grant>
}

/**
 * Ask, let the OP answer in silence or send the person there if a server says so, prove. The browser decides nothing of
 * it.
 */
export function createRunStepUp(
  { options, op, vault, machine, log }: ClientContext,
  { runInTurn, visitOp, proofs }: StepUpParts,
  grantOf: GrantOf,
  askToken: AskToken,
): RunStepUp {
  const { freshnessEndpoint: endpoint, timeLimit: seconds } = options

  const run: RunStepUp['run'] = async (action, wish = {}) => {
    const { context, input, reason, signal = new AbortController().signal, onStatus = () => {} } = wish
    const { decides = 'backend', idempotencyKey = crypto.randomUUID() } = wish
    const subject: StepUpSubject = { action, input, idempotencyKey, reason, onStatus }
    if (endpoint === null && decides === 'backend')
      throw new ConfigurationError('stepUp needs `freshness.endpoint`: a backend decides freshness')
    if (!vault.current) throw notSignedIn()
    if (signal.aborted) throw new InteractionCancelledError('aborted')
    if (endpoint === null || decides === 'access-token') return grantOf(subject)
    onStatus('checking')
    const context_hash = context === undefined ? undefined : await hash(canonicalJson(context))
    const ask = async (): Promise<GrantedAnswer | GuardChallenge> => {
      const id_token = await askToken(signal)
      log({ type: 'freshness.asked', action })
      const question = defined({ action, context_hash, id_token })
      const answer = await askBackend(op, endpoint, question, { seconds, signal })
      return answer.status === 'granted' ? answer : challengeOf(answer)
    }
    const first = await ask()
    if ('grant' in first) return grantOf(subject, first)
    const proof = await runInTurn(first.demand, signal, onStatus, async turn => {
      const answer = turn.waited ? await ask() : first
      if ('grant' in answer) return answer
      log({ type: 'freshness.challenged', action })
      if (answer !== first) turn.retake(answer.demand)
      const { challenge } = answer
      const granted = await proofs.silently(action, challenge, turn.demand, turn.signal)
      return granted ?? { challenge, id_token: (await visitOp(turn, subject, answer)).idToken }
    })
    if ('grant' in proof) return grantOf(subject, proof)
    onStatus('verifying')
    return grantOf(subject, await proofs.ofLogin(action, proof, signal))
  }

  const resume: RunStepUp['resume'] = async (proof, { onStatus = () => {}, ...rest }) => {
    const { resumed } = machine.store.getState()
    onStatus('verifying')
    if (!resumed) throw new ConfigurationError('No step-up has come back from a redirect')
    if (resumed.error) throw resumed.error
    machine.dispatch({ type: 'step_up.resumed', resumed: null })
    const { action, input, idempotencyKey } = resumed
    const subject: StepUpSubject = { action, input, idempotencyKey, onStatus }
    if (proof) return grantOf(subject, await proofs.ofLogin(action, proof, rest.signal))
    // Only a resource server had asked: it is asked again by the request itself.
    if (action === null) return grantOf(subject)
    return run(action, { ...rest, input, idempotencyKey, onStatus })
  }

  return { run, resume }
}

async function hash(text: string): Promise<string> {
  return encodeBase64url(
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))),
  )
}
