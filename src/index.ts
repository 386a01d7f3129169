export * from './client/index.ts'
export { AuthProvider, type AuthProviderProps, useAuthClient } from './react/AuthProvider.tsx'
export {
  AccountChooser,
  AuthPrompts,
  RequireSession,
  SignedIn,
  SignedOut,
  SwitchAccountLink,
} from './react/components.tsx'
export { useAccounts } from './react/useAccounts.ts'
export { usePrompt } from './react/usePrompt.ts'
export { useSession } from './react/useSession.ts'
export { useSessionExpiry } from './react/useSessionExpiry.ts'
export { type StepUp, type UseStepUpOptions, useStepUp } from './react/useStepUp.ts'
export type { SwitchProps } from './react/useSwitch.ts'
