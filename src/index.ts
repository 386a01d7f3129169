export type { AuthClient, SignInOptions, Switched, SwitchOptions } from './client/auth-client.ts'
export { createAuthClient } from './client/client.ts'
export type { AuthLogEvent } from './client/log.ts'
export type { ReadonlyStore } from './client/machine.ts'
export type { AccountChange, AuthClientOptions } from './client/options.ts'
export type {
  Action,
  ActionOptions,
  ActionState,
  PendingStepUp,
  Perform,
  StandardSchema,
  StepUpState,
} from './client/step-up/action-options.ts'
export type { Grant, StepUpOptions, StepUpStatus } from './client/step-up/step-up-types.ts'
export type { Trigger, Triggers } from './client/step-up/trigger-options.ts'
export { type Account, nameOf } from './core/account.ts'
export type { IdTokenClaims } from './core/claims.ts'
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
  NetworkError,
  PopupBlockedError,
  type RefusalCode,
  StepUpDeniedError,
  StepUpUnmetError,
} from './core/errors.ts'
export type { Ladder } from './core/machine/interaction.ts'
export { type Prompt, type PromptAnswer, selectPrompt } from './core/machine/prompts.ts'
export type { AuthState, SessionState } from './core/machine/state.ts'
export type { ProviderProfile, SignUpRequest } from './core/provider-profile.ts'
export type { RememberedAccount } from './core/remembered.ts'
export { AuthProvider, useAuthClient } from './react/AuthProvider.tsx'
export {
  AccountChooser,
  AuthPrompts,
  RequireSession,
  SignedIn,
  SignedOut,
  SwitchAccountLink,
  type SwitchProps,
} from './react/components.tsx'
export { useAccounts } from './react/useAccounts.ts'
export { usePrompt } from './react/usePrompt.ts'
export { useSession } from './react/useSession.ts'
export { useSessionExpiry } from './react/useSessionExpiry.ts'
export { type StepUp, type UseStepUpOptions, useStepUp } from './react/useStepUp.ts'
