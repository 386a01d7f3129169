export { type Account, nameOf } from '../core/account.ts'
export type { AuthorizationParams, RequestKind } from '../core/authorization-params.ts'
export type { IdTokenClaims } from '../core/claims.ts'
export {
  AccountMismatchError,
  type AnyAuthError,
  AuthError,
  AuthorizationResponseError,
  AuthTimeoutError,
  ConfigurationError,
  IdTokenError,
  InteractionCancelledError,
  InteractionRequiredError,
  isAuthError,
  NetworkError,
  PopupBlockedError,
  type RefusalCode,
  type RefusedAnswer,
  StepUpDeniedError,
  StepUpUnmetError,
} from '../core/errors.ts'
export type { Ladder } from '../core/machine/interaction.ts'
export { type Prompt, type PromptAnswer, type PromptWindow, selectPrompt } from '../core/machine/prompts.ts'
export type { AnonymousReason, AuthState, RenewalState, SessionState } from '../core/machine/state.ts'
export type {
  ProviderProfile,
  SignOutRequest,
  SignUpRequest,
  TrustedAudiences,
} from '../core/provider-profile.ts'
export type { RememberedAccount } from '../core/remembered-accounts.ts'
export type { StepUpDisplay } from '../core/step-up-display.ts'
export type { AccessTokenOptions, AuthClient, SignInOptions, Switched, SwitchOptions } from './auth-client.ts'
export { createAuthClient } from './client.ts'
export type { AuthLogEvent, Failure, Logger } from './log-events.ts'
export type { AccountChange, ApiOptions, AuthClientOptions } from './options.ts'
export type { ReadonlyStore } from './run-machine.ts'
export type {
  Action,
  ActionOptions,
  ActionState,
  PendingStepUp,
  Perform,
  StandardSchema,
  StepUpState,
} from './step-up/action-options.ts'
export type { Grant, StepUpOptions, StepUpStatus } from './step-up/step-up-types.ts'
export type { Trigger, Triggers } from './step-up/trigger-options.ts'
