import { auth0, authAction, curity, erpNet, fusionAuth, generic } from 'afresh/providers'

/** All that the package has. An app needs one. */
export const profiles = { generic, auth0, authAction, curity, erpNet, fusionAuth }
