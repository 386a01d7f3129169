import { auth0, authAction, curity, erpNet, fusionAuth, generic } from 'afresh/providers'

/** All profiles of the package. An app needs one. */
export const profiles = { generic, auth0, authAction, curity, erpNet, fusionAuth }
