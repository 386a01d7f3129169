import {
  auth0,
  authAction,
  cognito,
  curity,
  entra,
  erpNet,
  fusionAuth,
  generic,
  keycloak,
} from 'afresh/providers'

/** The profiles that this demo uses. An app needs one. */
export const profiles = {
  generic,
  auth0,
  authAction,
  cognito,
  curity,
  entra,
  erpNet,
  fusionAuth,
  keycloak,
}
