import { genericProfile } from '../core/provider-profile.ts'
import { stepUpRequest } from '../core/step-up-request.ts'
import type { AuthorizationRequest } from '../core/tokens.ts'
import type { Metadata } from './report.ts'

/** One visit to the OP, and the check of its finding. */
export type StepName = 'sign-in' | 'prompt=login' | 'max_age' | 'top-level' | 'iframe'

export interface Step {
  readonly name: StepName
  readonly title: string
  readonly text: string
  /** What begins it. */
  readonly label: string
  /** Whether the person is to be asked to sign in. */
  readonly asks: boolean
  /** Seconds that it must come after the last login. */
  readonly pause: number
}

const steps: readonly Step[] = [
  {
    name: 'sign-in',
    title: 'Sign in',
    text: 'As anybody who may use the app.',
    label: 'Sign in',
    asks: true,
    pause: 0,
  },
  {
    name: 'prompt=login',
    title: 'Sign in again',
    text: 'The provider is told to ask you although you are signed in (prompt=login). Be the same person.',
    label: 'Sign in again',
    asks: true,
    // Some ask nobody again within five seconds.
    pause: 6,
  },
  {
    name: 'max_age',
    title: 'And once more',
    text: 'Now it is told that your login may be one second old (max_age=1). Be the same person.',
    label: 'Sign in once more',
    asks: true,
    // More than max_age=1 allows, and OPs count whole ones.
    pause: 3,
  },
  {
    name: 'top-level',
    title: 'Ask nobody',
    text: 'It is told to answer without asking (prompt=none). The window should close by itself.',
    label: 'Ask nobody',
    asks: false,
    // Else nobody would see that auth_time moves.
    pause: 3,
  },
  {
    name: 'iframe',
    title: 'Ask nobody, unseen',
    text: 'The same in a hidden frame, as apps renew a session. No window opens.',
    label: 'Ask in a frame',
    asks: false,
    pause: 0,
  },
]

/** Those that this OP can be asked: one that lists its prompts without `none` never is by this package. */
export function stepsFor({ prompt_values_supported: prompts }: Metadata): readonly Step[] {
  const canBeSilent = !Array.isArray(prompts) || prompts.includes('none')
  return steps.filter(({ asks }) => asks || canBeSilent)
}

/** What the client would ask in its place. A step-up sends `prompt=login` with a `max_age`, so that both count here. */
export function requestOf(step: StepName, idToken: string | undefined): AuthorizationRequest {
  const nobody = { iss: '', sub: '' }
  switch (step) {
    case 'sign-in':
      return {}
    case 'prompt=login':
      return stepUpRequest({ prompt: 'login', maxAge: 0 }, nobody, genericProfile)
    case 'max_age':
      return stepUpRequest({ maxAge: 1 }, nobody, genericProfile)
    case 'top-level':
      return { prompt: 'none' }
    case 'iframe':
      return { prompt: 'none', ...(idToken !== undefined && { idTokenHint: idToken }) }
  }
}
