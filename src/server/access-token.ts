export { AuthError, ConfigurationError } from '../core/errors.ts'
export type {
  AccessTokenGuard,
  AccessTokenGuardOptions,
  AccessTokenRecord,
  AccessTokenRequirement,
} from './access-token/guard.ts'
export { createAccessTokenGuard } from './access-token/guard.ts'
export type { IntrospectionOptions } from './access-token/introspection-options.ts'
export type { AuditEvent, AuditStep } from './audit/event.ts'
export type { GrantFailure, LoginFailure } from './http/guard-error.ts'
export { GuardError } from './http/guard-error.ts'
export type { AccessTokenFault, CallFault } from './http/refusal.ts'
export type { ProviderOptions } from './setup/provider-options.ts'
export type { SharedOptions } from './setup/shared-options.ts'
export type { FreshnessStore } from './stores/store.ts'
