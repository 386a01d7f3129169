import type { Account } from '../core/account.ts'
import type { StepUpSubject } from '../core/machine/interaction.ts'
import type { AuthorizationRequest } from '../core/tokens.ts'
import { type CodeProof, challengeLifetime } from '../core/wire.ts'

/** Why a full-page redirect left: what the page that it comes back to must know. It is kept as JSON. */
export type Purpose =
  | StepUpPurpose
  | { readonly kind: 'sign_in' | 'sign_out' }
  /** A sign-out that this sign-in of another person follows. */
  | { readonly kind: 'switch_account'; readonly request: AuthorizationRequest }
  | {
      readonly kind: 'restore'
      readonly carried?: CarriedStepUp
      /** The fields of the error of a sign-in that the page had just come back from. */
      readonly failure?: Readonly<Record<string, unknown>>
    }

/** What a step-up tells the page that its full-page redirect comes back to. */
export interface StepUpPurpose extends StepUpSubject {
  readonly kind: 'step_up'
  readonly expected: Account
  readonly asked: AskedByGuard | { readonly by: 'resource_server' }
  readonly input: unknown
  readonly idempotencyKey: string
  /** Of the action that it comes back to. Earlier versions kept none. */
  readonly key?: string
}

/** The guard gave a challenge, which the login answers. */
export interface AskedByGuard {
  readonly by: 'guard'
  readonly challenge: string
  /** Seconds that the challenge was still good for when the page left. */
  readonly expiresIn: number
  /** Where the backend has sent the request: what the response must have, and when the page left, in epoch seconds. */
  readonly pushed?: { readonly state: string; readonly leftAt: number }
}

/** A step-up that came back without a session, so that the page had to leave once more and carried it along. */
export interface CarriedStepUp<StepUp = StepUpPurpose> {
  readonly purpose: StepUp
  /** The fields of its error, if it had one. */
  readonly error: Readonly<Record<string, unknown>> | null
  /** After a request that the backend had sent. */
  readonly proof?: CodeProof
}

/** A purpose as sessionStorage may have it: a page of an earlier version may have left. */
export type KeptPurpose = Purpose | FormerStepUpPurpose | FormerRestorePurpose

/** How 0.1 kept a step-up. Its `action` is empty where there is none now. */
interface FormerStepUpPurpose extends Omit<StepUpPurpose, 'asked'> {
  /** Null when a resource server asked. */
  readonly challenge: string | null
  /** Missing in the first versions. */
  readonly expiresIn?: number | null
}

interface FormerRestorePurpose {
  readonly kind: 'restore'
  /** `carried` by its former name. */
  readonly failed?: CarriedStepUp<StepUpPurpose | FormerStepUpPurpose>
  readonly carried?: CarriedStepUp<StepUpPurpose | FormerStepUpPurpose>
  readonly failure?: Readonly<Record<string, unknown>>
}

/** Reads what a page has kept, as this or an earlier version writes it. */
export function readPurpose(kept: KeptPurpose): Purpose {
  if (kept.kind === 'step_up') return readStepUp(kept)
  if (kept.kind !== 'restore') return kept
  const { failed, carried = failed, failure }: FormerRestorePurpose = kept
  const before = failure ? { failure } : {}
  if (!carried) return { kind: 'restore', ...before }
  return {
    kind: 'restore',
    ...before,
    carried: { ...carried, purpose: readStepUp(carried.purpose) },
  }
}

function readStepUp(kept: StepUpPurpose | FormerStepUpPurpose): StepUpPurpose {
  if ('asked' in kept) return kept
  const { challenge, expiresIn, action, ...others } = kept
  const asked: StepUpPurpose['asked'] =
    challenge === null
      ? { by: 'resource_server' }
      : { by: 'guard', challenge, expiresIn: expiresIn ?? challengeLifetime }
  return { ...others, action: action === '' ? null : action, asked }
}
