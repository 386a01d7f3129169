import type { Account } from '../core/account.ts'

/** Why a full-page redirect left: what the page that it comes back to must know. It is kept as JSON. */
export type Purpose =
  | StepUpPurpose
  | { readonly kind: 'sign_in' | 'sign_out' }
  | { readonly kind: 'restore'; readonly failed?: FailedStepUp }

/** What a step-up tells the page that its full-page redirect comes back to. */
export interface StepUpPurpose {
  readonly kind: 'step_up'
  /** Null when a resource server asked, by its header alone. */
  readonly action: string | null
  readonly expected: Account
  /** Null when a resource server asked. */
  readonly challenge: string | null
  /** Seconds that the challenge was still good for when the page left; null when a resource server asked. */
  readonly expiresIn: number | null
  readonly input: unknown
  readonly idempotencyKey: string
}

/** A step-up that came back without a session, so that the page had to leave once more. */
export interface FailedStepUp {
  readonly purpose: StepUpPurpose
  /** The fields of its error, if it had one. */
  readonly error: Readonly<Record<string, unknown>> | null
}
