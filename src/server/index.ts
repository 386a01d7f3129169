export type { RefusalCode } from '../core/errors.ts'
export { AuthError, ConfigurationError } from '../core/errors.ts'
export type { StepUpDisplay } from '../core/step-up-display.ts'
export type {
  AskRequest,
  ChallengedAnswer,
  CodeProof,
  DeniedAnswer,
  FailedAnswer,
  GrantedAnswer,
  IdTokenProof,
  ProveRequest,
  PushedAnswer,
  PushRequest,
} from '../core/wire.ts'
export { grantHeader } from '../core/wire.ts'
export type { AuditEvent, AuditStep } from './audit/event.ts'
export { contextHash } from './crypto/hash.ts'
export type { ApprovalRules, AuthorizationDetail } from './freshness/approval.ts'
export type { BindingOptions } from './freshness/cookie-binding.ts'
export { createFreshnessGuard } from './freshness/create-guard.ts'
export type { FreshnessGuard } from './freshness/guard.ts'
export type { FreshnessHint } from './freshness/hint.ts'
export type { AuthenticatedPerson, GuardOptions } from './freshness/options.ts'
export type {
  ActionOf,
  ActionPolicies,
  ActionPolicy,
  MaxAgePolicy,
  ReauthenticatePolicy,
} from './freshness/policy.ts'
export type { StepUpRecord } from './freshness/use-grant.ts'
export type { ProtectOptions, RequireOptions } from './freshness/use-options.ts'
export type { Logout } from './freshness/verify-logout.ts'
export type { GrantFailure, LoginFailure } from './http/guard-error.ts'
export { GuardError } from './http/guard-error.ts'
export type { AccessTokenFault, CallFault, RequestFault } from './http/refusal.ts'
export type { ProviderOptions } from './setup/provider-options.ts'
export type { PublicUrl } from './setup/public-url.ts'
export type { SharedOptions } from './setup/shared-options.ts'
export type {
  ClientSecretBasic,
  PrivateKeyJwt,
  StepUpClientAuthentication,
  StepUpClientOptions,
} from './step-up-client/options.ts'
export type { MemoryStoreOptions } from './stores/memory.ts'
export { memoryStore } from './stores/memory.ts'
export type {
  FreshnessStore,
  StoreOption,
  StoreWithin,
  TransactionalStore,
  TransactionOf,
} from './stores/store.ts'
