import type { Account, AuthState, Prompt } from 'afresh'

type Interaction = AuthState['interactions'][number]

/** A state in which the client shows this prompt. */
export function stateFor(prompt: Prompt): AuthState {
  const interaction = interactionFor(prompt)
  const { id } = prompt
  return {
    session: { status: 'anonymous', reason: 'signed_out' },
    interactions: interaction ? [interaction] : [],
    resumed: null,
    limit:
      prompt.type === 'idle_warning'
        ? { id, endsAt: prompt.endsAt, reason: prompt.reason, warns: true, isAnswered: false }
        : null,
    former: { status: 'none' },
    lastShown: null,
    remembered: [],
  }
}

function interactionFor(prompt: Prompt): Interaction | null {
  const { id } = prompt
  const visit = { type: 'visit', id, ladder: ['popup', 'redirect'] } as const
  switch (prompt.type) {
    case 'sign_in':
      return { ...visit, goal: { kind: 'sign_in' }, place: { at: 'popup', window: 'lost' } }
    case 'step_up': {
      const { id: _, window, type: kind, ...asked } = prompt
      return { ...visit, goal: { kind, ...asked }, place: { at: 'prompt' } }
    }
    case 'session_ended':
    case 'consent_required':
      return { ...visit, goal: { kind: prompt.type, account: prompt.account }, place: { at: 'prompt' } }
    case 'sign_out_first':
      return { ...visit, goal: { kind: 'switch_account', account: prompt.account }, place: { at: 'prompt' } }
    case 'popup_blocked':
      return { ...visit, goal: { kind: 'sign_in' }, place: { at: 'blocked_popup' } }
    case 'step_up_unmet':
      return { ...prompt, type: 'unmet_step_up' }
    case 'account_mismatch': {
      const goal = { kind: 'session_ended', account: prompt.expected } as const
      return { type: 'mismatch', id, goal, arrival: arrivalOf(prompt.actual) }
    }
    case 'account_changed': {
      const { from, to } = prompt
      return { type: 'account_question', id, from, arrival: arrivalOf(to), isPutOff: false }
    }
    case 'idle_warning':
      return null
  }
}

function arrivalOf(account: Account) {
  const { iss, sub } = account
  const claims = { iss, sub, aud: 'payments', exp: 2, iat: 1 }
  return { signedIn: { account, claims, accessTokenExpiresAt: null }, origin: 'op' } as const
}
