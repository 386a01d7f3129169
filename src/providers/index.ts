export type {
  ProviderProfile,
  SignOutRequest,
  SignUpRequest,
  TrustedAudiences,
} from '../core/provider-profile.ts'
export { authAction } from './auth-action.ts'
export { type Auth0Options, auth0 } from './auth0.ts'
export { authentik } from './authentik.ts'
export { cognito } from './cognito.ts'
export { curity } from './curity.ts'
export { duende } from './duende.ts'
export { type EntraOptions, entra } from './entra.ts'
export { erpNet } from './erp-net.ts'
export { fusionAuth } from './fusion-auth.ts'
export { generic } from './generic.ts'
export { google } from './google.ts'
export { keycloak } from './keycloak.ts'
export { kinde } from './kinde.ts'
export { loginGov } from './login-gov.ts'
export { logto } from './logto.ts'
export { okta } from './okta.ts'
export { ory } from './ory.ts'
export { spring } from './spring.ts'
export { zitadel } from './zitadel.ts'
