import type {
  AnonymousReason,
  AuthState,
  Interaction,
  Prompt,
  Renewal,
} from '../../src/core/machine/state.ts'

type Names<T extends string> = Readonly<Record<T, true>>

// Typed by core, so that a name that is added or dropped there is an error here.
const statuses: Names<AuthState['session']['status']> = {
  initializing: true,
  anonymous: true,
  authenticated: true,
}
const reasons: Names<AnonymousReason> = {
  login_required: true,
  signed_out: true,
  idle: true,
  absolute: true,
  account_mismatch: true,
  timeout: true,
  failed: true,
}
const renewals: Names<Renewal['status']> = { ok: true, failing: true, ended: true }
const kinds: Names<Interaction['kind']> = {
  sign_in: true,
  step_up: true,
  session_ended: true,
  consent_required: true,
  account_changed: true,
}
const phases: Names<Interaction['phase']> = {
  queued: true,
  confirming: true,
  authenticating: true,
  blocked: true,
  mismatched: true,
  unmet: true,
  leaving: true,
  changing: true,
}
const prompts: Names<Prompt['type']> = {
  step_up: true,
  session_ended: true,
  idle_warning: true,
  popup_blocked: true,
  step_up_unmet: true,
  account_mismatch: true,
  account_changed: true,
  consent_required: true,
}

/** What in a state core does not name, or does not put together like this; empty when all is well. */
export function unnamedIn({
  session,
  interactions,
  resumed,
  limit,
  former,
  remembered,
  ...rest
}: AuthState): string[] {
  const found: string[] = []
  const need = (good: boolean, what: string): void => void (good || found.push(what))
  const known = (names: Names<string>, name: string): void => need(Object.hasOwn(names, name), name)

  known(statuses, session.status)
  if (session.status === 'anonymous') known(reasons, session.reason)
  if (session.status === 'authenticated') {
    known(renewals, session.renewal.status)
    need('error' in session.renewal === (session.renewal.status !== 'ok'), 'a renewal with the wrong error')
    need(session.account.sub === session.claims.sub, 'an account of other claims')
  }
  for (const { id, kind, phase, prompt, arrival, expected } of interactions) {
    known(kinds, kind)
    known(phases, phase)
    if (prompt) known(prompts, prompt.type)
    need(prompt === null || prompt.id === id, `a prompt of another interaction than ${id}`)
    need(
      (arrival !== null) === (phase === 'mismatched' || phase === 'changing'),
      `an arrival in phase ${phase}`,
    )
    need(phase !== 'mismatched' || expected !== null, 'an arrival where anybody may come')
    need(prompt === null || (phase !== 'queued' && phase !== 'leaving'), `a prompt in phase ${phase}`)
  }
  const ids = interactions.map(({ id }) => id)
  need(new Set(ids).size === ids.length, 'two interactions of one id')
  if (limit?.prompt) known(prompts, limit.prompt.type)
  need(resumed === null || typeof resumed.action === 'string', 'a resumed step-up without action')
  need(Object.keys(rest).length === 0, `members: ${Object.keys(rest)}`)
  return found
}
