import type { RefusalCode, StepUpState } from 'afresh'

/** One line that says how something goes. */
export interface Outcome {
  readonly text: string
  readonly tone: 'busy' | 'good' | 'bad'
  /** The error's code, as an app would switch on it. */
  readonly code?: string
}

/** The line under a button: what is going on, or how it ended. */
export function outcomeOf(state: StepUpState<unknown>, done: string): Outcome | undefined {
  if (state.status === 'idle') return undefined
  if (state.status === 'succeeded') return { text: done, tone: 'good' }
  if (state.status === 'failed') return { tone: 'bad', ...failureOf(state.error) }
  return { text: waiting[state.status], tone: 'busy' }
}

const waiting = {
  waiting: 'Another confirmation comes first…',
  checking: 'Asking the bank…',
  confirming: 'Waiting for you to confirm…',
  authenticating: 'Waiting for you at Demo ID…',
  verifying: 'The bank is checking the proof…',
  performing: 'The bank is doing it…',
}

/** Says any error in a sentence, with its code if it has one. */
export function failureOf(error: unknown): Pick<Outcome, 'text' | 'code'> {
  const { code, reason, error: given } = Object(error) as Record<'code' | 'reason' | 'error', unknown>
  if (typeof code !== 'string') return { text: 'Something went wrong. Nothing was done.' }
  const detail = [reason, given].find(value => typeof value === 'string')
  const why = reasons[String(detail)]
  return {
    text: failures[code] ?? `The bank refused the proof${why ? `: ${why}` : ''}. Nothing was done.`,
    code: detail === undefined ? code : `${code}: ${detail}`,
  }
}

const failures: Record<string, string> = {
  interaction_cancelled: 'You stopped. Nothing was done.',
  popup_blocked: 'The browser blocked the window. Nothing was done.',
  account_mismatch: 'Another person signed in. Nothing was done, and your session has not changed.',
  authorization_failed: 'Demo ID refused. Nothing was done.',
  interaction_required: 'Demo ID wants to ask you something first. Nothing was done.',
  id_token_invalid: 'Demo ID’s answer broke a rule and was rejected. Nothing was done.',
  step_up_unmet: 'Demo ID cannot prove what the bank asks for. Nothing was done.',
  timeout: 'There was no answer in time. Nothing was done.',
  network: 'There was no answer. Are you online? Nothing was done.',
  payment_changed: 'This payment has changed or is approved already. Nothing was done.',
  invalid_request: 'The bank could not read that. Nothing was done.',
}

/** Why the bank refuses a proof. */
export const reasons: Record<string, string> = {
  stale: 'you signed in before the bank asked',
  subject_mismatch: 'another person signed in',
  nonce_mismatch: 'it answers another question',
  already_used: 'it was used before',
  binding_mismatch: 'it comes from another browser',
  challenge_expired: 'it came too late',
  auth_time_missing: 'it does not say when you signed in',
  auth_time_in_future: 'it says that you signed in in the future',
  clock_skew: 'two clocks disagree',
  acr_unmet: 'that way of signing in is not strong enough',
  amr_unmet: 'that way of signing in is not strong enough',
  federated: 'you signed in somewhere else',
  invalid_token: 'it is not valid',
  grant_refused: 'the call is not what you approved',
  context_mismatch: 'the call is not what the person approved',
  not_pushed: 'the bank did not send the question for it',
  authorization_details_mismatch: 'Demo ID let you approve something else',
} satisfies Record<RefusalCode | 'grant_refused' | 'context_mismatch', string>
