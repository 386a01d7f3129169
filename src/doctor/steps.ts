import { genericProfile } from '../core/provider-profile.ts'
import { stepUpRequest } from '../core/step-up-request.ts'
import type { AuthorizationRequest } from '../core/tokens.ts'
import type { Metadata } from './report.ts'

/** The name of one visit to the OP, which is also the `check` of its finding. */
export type StepName = 'sign-in' | 'prompt=login' | 'max_age' | 'top-level' | 'iframe'

/** One step of the walk, as the page shows it. */
export interface Step {
  readonly name: StepName
  readonly title: string
  readonly text: string
  /** The label of the button that begins it. */
  readonly label: string
  /** Whether the person is to be asked to sign in. */
  readonly asks: boolean
  /** How many seconds it must come after the last answer. */
  readonly pause: number
}

const steps: readonly Step[] = [
  {
    name: 'sign-in',
    title: 'Sign in',
    text: 'Sign in as any person who may use the app.',
    label: 'Sign in',
    asks: true,
    pause: 0,
  },
  {
    name: 'prompt=login',
    title: 'Sign in again',
    text: 'The provider is told to ask you although you are signed in (prompt=login). Sign in as the same person.',
    label: 'Sign in again',
    asks: true,
    // Some OPs do not ask again within five seconds.
    pause: 6,
  },
  {
    name: 'max_age',
    title: 'Sign in once more',
    text: 'The provider is told that your login may be one second old (max_age=1). Sign in as the same person.',
    label: 'Sign in once more',
    asks: true,
    // More than max_age=1 allows, since OPs count whole seconds.
    pause: 3,
  },
  {
    name: 'top-level',
    title: 'Do not ask',
    text: 'The provider is told to answer without asking you (prompt=none). The window should close by itself.',
    label: 'Open the window',
    asks: false,
    // Otherwise a moved auth_time could not be noticed.
    pause: 3,
  },
  {
    name: 'iframe',
    title: 'Do not ask, in a hidden frame',
    text: 'The same in a hidden frame, which is how apps renew a session. No window opens.',
    label: 'Ask in a frame',
    asks: false,
    pause: 0,
  },
]

/** The steps that make sense for this OP. If it lists its prompts without `none`, this package never sends `none`. */
export function stepsFor({ prompt_values_supported: prompts }: Metadata): readonly Step[] {
  const canBeSilent = !Array.isArray(prompts) || prompts.includes('none')
  return steps.filter(({ asks }) => asks || canBeSilent)
}

/**
 * The request that the client would send in this step. A step-up sends `prompt=login` with a `max_age`, so both are
 * used here.
 */
export function requestOf(step: StepName, idToken: string | undefined): AuthorizationRequest {
  const unknownAccount = { iss: '', sub: '' }
  switch (step) {
    case 'sign-in':
      return { kind: 'sign_in' }
    case 'prompt=login':
      return stepUpRequest({ prompt: 'login', maxAge: 0 }, unknownAccount, genericProfile)
    case 'max_age':
      return stepUpRequest({ maxAge: 1 }, unknownAccount, genericProfile)
    case 'top-level':
      return { kind: 'restore', prompt: 'none' }
    case 'iframe':
      return { kind: 'renewal', prompt: 'none', ...(idToken !== undefined && { idTokenHint: idToken }) }
  }
}
