import type { AuthState } from '../core/machine/state.ts'
import type { Browser } from '../op/browser.ts'
import { lazy } from '../op/lazy.ts'
import { createRememberedAccounts, type RememberedAccounts } from './accounts/remembered-accounts.ts'
import { createSwitchPerson } from './accounts/sign-out-first.ts'
import type { ClientContext } from './context.ts'
import { createContext } from './create-context.ts'
import { createEffects } from './effects.ts'
import { createFetch } from './fetch.ts'
import { logTransition } from './log.ts'
import type { ResolvedOptions } from './resolved-options.ts'
import type { MachineRunner } from './run-machine.ts'
import { createVisits } from './run-visits.ts'
import { createLimits, type Limits } from './session/limits.ts'
import { createRenewal, type Renewal } from './session/renewal.ts'
import { createRestore, type Restore } from './session/restore-session.ts'
import { createSignIn, type SignIn } from './session/sign-in.ts'
import { createSignOut, type SignOut } from './session/sign-out.ts'
import type { StepUps } from './step-up/step-up.ts'
import type { AuthorizedFetch } from './step-up/step-up-types.ts'

/** What a client is made of. */
export interface ClientParts {
  readonly context: ClientContext
  readonly signIn: SignIn
  /** Signs another person in. */
  readonly switchPerson: SignIn
  readonly signOut: SignOut['signOut']
  readonly closeSession: SignOut['closeSession']
  readonly renewal: Renewal
  readonly limits: Limits
  readonly remembered: RememberedAccounts
  readonly restore: Restore
  /** Loaded at the first step-up. */
  readonly stepUps: () => Promise<StepUps>
  readonly authorizedFetch: AuthorizedFetch
  /** Moves the idle limit, if there is one. */
  readonly extendSession: () => void
  /** Ends everything that is under way. */
  readonly disposal: AbortController
}

/** Puts the parts of a client together. */
export function createParts(
  browser: Browser,
  options: ResolvedOptions,
  known: Partial<AuthState>,
): ClientParts {
  const disposal = new AbortController()
  const runner: MachineRunner = {
    runTokenEffect: effect => effects.runTokenEffect(effect),
    runEffect: effect => effects.runEffect(effect),
    observe: (event, state, previous) => {
      context.recorder.step(event.type, state, previous)
      logTransition(context.log, event, state, previous)
    },
  }
  const context = createContext(browser, options, runner, disposal.signal, known)
  const visits = createVisits(context)
  const signIn = createSignIn(context, visits)
  const { signOut, closeSession } = createSignOut(context)
  const switchPerson = createSwitchPerson(context, visits, signIn, closeSession)
  const restore = createRestore(context)
  const limits = createLimits(context, reason => void closeSession(reason))
  const renewal = createRenewal(context, visits, { ...restore, ...limits })
  const remembered = createRememberedAccounts(context)
  const stepUps = lazy(
    () => import('./step-up/step-up.ts'),
    ({ createStepUps }) => createStepUps(context, visits, authorizedFetch, renewal.renew),
  )
  const authorizedFetch = createFetch(context, renewal, restore, async (...args) =>
    (await stepUps()).answerChallenge(...args),
  )
  const effects = createEffects(context, { visits, switchPerson, limits })
  return {
    context,
    signIn,
    switchPerson,
    signOut,
    closeSession,
    renewal,
    limits,
    remembered,
    restore,
    stepUps,
    authorizedFetch,
    extendSession: limits.extend,
    disposal,
  }
}
