import { canonicalJson } from '../../core/canonical-json.ts'
import { defined } from '../../core/defined.ts'
import { ConfigurationError, InteractionCancelledError } from '../../core/errors.ts'
import type { ProveRequest } from '../../core/wire.ts'
import { sha256 } from '../../op/sha256.ts'
import type { ClientContext } from '../context.ts'
import { notSignedIn } from '../not-signed-in.ts'
import { endpointOf } from './ask-backend.ts'
import type { AskWithSession } from './ask-with-session.ts'
import type { GrantOf } from './grant.ts'
import type { AskAgain, GetGrant, StepUpParts } from './meet-challenge.ts'
import type { Grant, StepUpOptions, StepUpSubject } from './step-up-types.ts'

export interface RunStepUp {
  run(action: string, options?: StepUpOptions): Promise<Grant>
  /** Goes on with the one that came back from a full-page redirect, with its proof or by asking again. */
  resume(proof: ProveRequest | null, options: StepUpOptions): Promise<Grant>
}

/**
 * Asks the backend. If that wants a newer login, lets the OP answer in silence or sends the person there, and proves the
 * login to the backend. The browser decides nothing.
 */
export function createRunStepUp(
  client: ClientContext,
  parts: StepUpParts,
  grantOf: GrantOf,
  askWithSession: AskWithSession,
): RunStepUp {
  const run: RunStepUp['run'] = async (action, options = {}) => {
    const { context, decides = 'backend', signal = new AbortController().signal } = options
    const subject = subjectOf(action, options)
    if (decides === 'backend') endpointOf(client.options)
    if (!client.vault.current) throw notSignedIn()
    if (signal.aborted) throw new InteractionCancelledError('aborted')
    if (decides === 'access-token') return grantOf(subject)
    subject.onStatus('checking')
    const context_hash = context === undefined ? undefined : await sha256(canonicalJson(context))
    const ask: AskAgain = signal => askWithSession(defined({ action, context_hash }), signal)
    const first = await ask(signal)
    if ('grant' in first) return grantOf(subject, first)
    const getGrant = await parts.runInTurn<GetGrant>(first.demand, signal, subject.onStatus, async turn => {
      const answer = turn.waited ? await ask(signal) : first
      if ('grant' in answer) return async () => answer
      client.log({ type: 'freshness.challenged', action })
      if (answer !== first) turn.retake(answer.demand)
      return parts.meetChallenge(turn, subject, answer, signal, ask)
    })
    return grantOf(subject, await getGrant())
  }
  return { run, resume: createResume(client, parts, grantOf, run) }
}

function createResume(
  { machine }: ClientContext,
  { proofs }: StepUpParts,
  grantOf: GrantOf,
  run: RunStepUp['run'],
): RunStepUp['resume'] {
  return async (proof, options) => {
    const { resumed } = machine.store.getState()
    options.onStatus?.('verifying')
    if (!resumed) throw new ConfigurationError('No step-up has come back from a redirect')
    if (resumed.error) throw resumed.error
    machine.dispatch({ type: 'step_up.resumed', resumed: null })
    const { action, input, idempotencyKey, key } = resumed
    const kept = { ...options, input, idempotencyKey, ...defined({ key }) }
    const subject = subjectOf(action, kept)
    if (proof) return grantOf(subject, await proofs.ofLogin(action, proof, options.signal))
    // A resource server had asked. The app's next request asks it again.
    return action === null ? grantOf(subject) : run(action, kept)
  }
}

function subjectOf(
  action: string | null,
  { input, idempotencyKey = crypto.randomUUID(), key, reason, onStatus = () => {} }: StepUpOptions,
): StepUpSubject {
  return { action, input, idempotencyKey, key, reason, onStatus }
}
