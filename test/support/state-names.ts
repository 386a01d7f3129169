import type { AtOp, BeforeOp, Goal, Interaction } from '../../src/core/machine/interaction.ts'
import { type Prompt, promptOf, selectPrompt } from '../../src/core/machine/prompts.ts'
import type { AnonymousReason, AuthState, RenewalState } from '../../src/core/machine/state.ts'

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
const renewals: Names<RenewalState['status']> = { ok: true, outdated: true, failing: true, ended: true }
const types: Names<Interaction['type']> = {
  visit: true,
  mismatch: true,
  account_question: true,
  unmet_step_up: true,
  account_switch: true,
}
const kinds: Names<Goal['kind']> = {
  sign_in: true,
  switch_account: true,
  step_up: true,
  session_ended: true,
  consent_required: true,
}
const places: Names<(BeforeOp | AtOp)['at']> = {
  queue: true,
  prompt: true,
  popup: true,
  blocked_popup: true,
  redirect: true,
}
const prompts: Names<Prompt['type']> = {
  sign_in: true,
  step_up: true,
  session_ended: true,
  idle_warning: true,
  popup_blocked: true,
  step_up_unmet: true,
  account_mismatch: true,
  account_changed: true,
  consent_required: true,
  sign_out_first: true,
}

/** What in a state core does not name, or does not put together like this; empty when all is well. */
export function unnamedIn({
  session,
  interactions,
  resumed,
  limit,
  former,
  lastShown,
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
  if (session.status === 'authenticated')
    need(lastShown?.sub === session.account.sub, 'another person than the one who was shown last')
  for (const one of interactions) {
    const prompt = promptOf(one)
    known(types, one.type)
    if ('goal' in one) known(kinds, one.goal.kind)
    if (one.type === 'visit') known(places, one.place.at)
    if (prompt) known(prompts, prompt.type)
    need(prompt === null || prompt.id === one.id, `a prompt of another interaction than ${one.id}`)
    const isSignIn = one.type === 'visit' && one.goal.kind === 'sign_in'
    need(!isSignIn || (one.place.at !== 'queue' && one.place.at !== 'prompt'), 'a sign-in that waits')
  }
  const ids = interactions.map(({ id }) => id)
  need(new Set(ids).size === ids.length, 'two interactions of one id')
  const shown = selectPrompt({ session, interactions: [], resumed, limit, former, lastShown, remembered })
  if (shown) known(prompts, shown.type)
  need(resumed === null || resumed.action !== undefined, 'a resumed step-up without action')
  need(Object.keys(rest).length === 0, `members: ${Object.keys(rest)}`)
  return found
}
