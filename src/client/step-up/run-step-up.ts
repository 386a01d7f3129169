import { canonicalJson } from '../../core/canonical-json.ts'
import { defined } from '../../core/defined.ts'
import { ConfigurationError, InteractionCancelledError, StepUpDeniedError } from '../../core/errors.ts'
import { readDisplay, type StepUpDisplay } from '../../core/step-up-display.ts'
import type { AskRequest, ProveRequest } from '../../core/wire.ts'
import { sha256 } from '../../op/sha256.ts'
import type { ClientContext } from '../context.ts'
import { notSignedIn } from '../not-signed-in.ts'
import { endpointOf } from './ask-backend.ts'
import type { AskWithSession } from './ask-with-session.ts'
import type { GrantOf } from './grant.ts'
import type { AskAgain, GetGrant, StepUpParts } from './meet-challenge.ts'
import type { Grant, RunningStepUp, StepUpOptions } from './step-up-types.ts'

/** A code is good for seconds at most OPs, and the person may have taken longer to confirm. */
function askAnew(proof: ProveRequest): (error: unknown) => null {
  return error => {
    const isOver = error instanceof StepUpDeniedError && error.reason === 'invalid_token'
    if ('code' in proof && isOver) return null
    throw error
  }
}

/** Bytes. Of a longer context only the hash is sent, because the endpoint takes 16 KiB in all. */
const longestContext = 8_192

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
    const subject = subjectOf(action, options, describe(options))
    if (decides === 'backend') endpointOf(client.options)
    if (!client.vault.current) throw notSignedIn()
    if (signal.aborted) throw new InteractionCancelledError('aborted')
    if (decides === 'access-token') return grantOf(subject)
    subject.onStatus('checking')
    const question = await questionOf(action, context, client.options.uiLocales())
    const ask: AskAgain = signal => askWithSession(question, signal)
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
    const { action, input, idempotencyKey, key, display } = resumed
    const kept = { ...options, input, idempotencyKey, ...defined({ key }) }
    const subject = subjectOf(action, kept, display)
    if (proof) {
      const granted = await proofs.ofLogin(subject, proof, options.signal).catch(askAnew(proof))
      if (granted) return grantOf(subject, granted)
    }
    // A resource server had asked. The app's next request asks it again.
    return action === null ? grantOf(subject) : run(action, kept)
  }
}

/** @throws {ContextError} */
async function questionOf(
  action: string,
  context: unknown,
  uiLocales: string | undefined,
): Promise<Omit<AskRequest, 'id_token'>> {
  const ui_locales = uiLocales || undefined
  if (context === undefined) return defined({ action, ui_locales })
  const text = canonicalJson(context)
  const isShort = new TextEncoder().encode(text).length <= longestContext
  const asJson: unknown = isShort ? JSON.parse(text) : undefined
  return defined({ action, context_hash: await sha256(text), context: asJson, ui_locales })
}

/** @throws {ConfigurationError} for words that cannot be shown */
function describe({ describe, input }: StepUpOptions): StepUpDisplay | undefined {
  if (!describe) return undefined
  const display = readDisplay(describe(input))
  if (!display) throw new ConfigurationError('`describe` must return text, or { title, facts } with texts')
  return display
}

function subjectOf(
  action: string | null,
  { input, idempotencyKey = crypto.randomUUID(), key, reason, onStatus = () => {} }: StepUpOptions,
  display?: StepUpDisplay,
): RunningStepUp {
  return { action, input, idempotencyKey, key, reason, onStatus, ...defined({ display }) }
}
