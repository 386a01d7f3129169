export type { RefusalCode } from '../core/errors.ts'
export { AuthError, ConfigurationError } from '../core/errors.ts'
export type {
  AskRequest,
  ChallengedAnswer,
  DeniedAnswer,
  FailedAnswer,
  GrantedAnswer,
  ProveRequest,
} from '../core/wire.ts'
export { grantHeader } from '../core/wire.ts'
export type { BindingOptions } from './binding.ts'
export type { AccessTokenFault, GrantFailure, LoginFailure, RequestFault } from './errors.ts'
export { GuardError } from './errors.ts'
export type { FreshnessGuard } from './guard.ts'
export { createFreshnessGuard } from './guard.ts'
export { contextHash } from './hash.ts'
export type { FreshnessHint } from './hint.ts'
export type { MemoryStoreOptions } from './memory-store.ts'
export { memoryStore } from './memory-store.ts'
export type { ReadBody } from './message.ts'
export type { AuthenticatedPerson, GuardOptions } from './options.ts'
export type { ActionPolicy, MaxAgePolicy, ReauthenticatePolicy } from './policy.ts'
export type { SharedOptions } from './shared-options.ts'
export type { FreshnessStore } from './store.ts'
export type { RequireOptions, StepUpRecord } from './use.ts'
