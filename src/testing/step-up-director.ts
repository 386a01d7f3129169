import type { AuthClient } from '../client/auth-client.ts'
import { type Prompt, selectPrompt } from '../core/machine/prompts.ts'
import type { Script, StepUpScript, TestStepUp } from './script.ts'

/** Decides what becomes of step-ups, and plays the person's part of that. */
export interface StepUpDirector {
  /** What the test says. It may change at any time. */
  script: Script['stepUp']
  /** For the backend, which asks at each Ask. */
  decide(request: TestStepUp): StepUpScript
  /** Answers the prompts of step-ups that the script has an answer for. */
  play(client: AuthClient): void
}

export function createStepUpDirector(script: Script['stepUp']): StepUpDirector {
  const decided = new Map<string | null, StepUpScript>()

  /** What was decided for the action; for one that a resource server has asked for, what holds for all. */
  const scriptOf = ({ action }: Extract<Prompt, { type: 'step_up' }>): StepUpScript => {
    const general = typeof director.script === 'function' ? 'prompt' : director.script
    return decided.get(action) ?? general
  }

  const director: StepUpDirector = {
    script,
    decide: request => {
      const decision = typeof director.script === 'function' ? director.script(request) : director.script
      decided.set(request.action, decision)
      return decision
    },
    play: client => {
      const played = new Set<string>()
      client.store.subscribe(state => {
        const prompt = selectPrompt(state)
        if (prompt?.type !== 'step_up' || played.has(prompt.id)) return
        const decision = scriptOf(prompt)
        if (isForTest(decision)) return
        played.add(prompt.id)
        client.answerPrompt(prompt.id, decision === 'cancel' ? 'cancel' : 'continue')
      })
    },
  }
  return director
}

/** Whether the test answers the prompt itself. */
function isForTest(decision: StepUpScript): boolean {
  return decision === 'prompt' || (typeof decision === 'object' && 'prompt' in decision)
}
