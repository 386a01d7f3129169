export type {
  ProviderProfile,
  SignOutRequest,
  SignUpRequest,
  TrustedAudiences,
} from '../core/provider-profile.ts'
export { authAction } from './auth-action.ts'
export { auth0 } from './auth0.ts'
export { cognito } from './cognito.ts'
export { curity } from './curity.ts'
export { type EntraOptions, entra } from './entra.ts'
export { erpNet } from './erp-net.ts'
export { fusionAuth } from './fusion-auth.ts'
export { generic } from './generic.ts'
export { keycloak } from './keycloak.ts'
