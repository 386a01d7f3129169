export { AuthError, ConfigurationError } from '../core/errors.ts'
export type {
  AccessTokenGuard,
  AccessTokenGuardOptions,
  AccessTokenRecord,
  AccessTokenRequirement,
} from './access-token-guard.ts'
export { createAccessTokenGuard } from './access-token-guard.ts'
export type { AccessTokenFault, GrantFailure, LoginFailure } from './errors.ts'
export { GuardError } from './errors.ts'
export type { IntrospectionOptions } from './introspection.ts'
export type { SharedOptions } from './shared-options.ts'
export type { FreshnessStore } from './store.ts'
