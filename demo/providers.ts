import {
  auth0 as auth0Profile,
  cognito as cognitoProfile,
  erpNet as erpNetProfile,
  fusionAuth as fusionAuthProfile,
  type ProviderProfile,
} from 'afresh/providers'
import { policies } from './api/guard.ts'
import { bankAudience, type DemoApis, oneToken } from './apis.ts'
import type { DemoOptions } from './demo.ts'
import { authAction } from './op/auth-action.ts'
import { auth0 } from './op/auth0.ts'
import { cognito } from './op/cognito.ts'
import { curity } from './op/curity.ts'
import { entra } from './op/entra.ts'
import { entraApis, entraScopes } from './op/entra-apis.ts'
import { erpNet } from './op/erp-net.ts'
import { fusionAuth } from './op/fusion-auth.ts'
import { keycloak } from './op/keycloak.ts'
import type { OpOverrides } from './op/op.ts'

/** An access token names its app, and no API. */
const tokenOfApp: DemoApis = { bank: { audience: 'payments' }, statements: { audience: 'payments' } }

/** A payment needs a login at the OP itself, if the profile can tell. */
const locally = ({ localIdp }: ProviderProfile): NonNullable<DemoOptions['guard']> => ({
  actions: {
    ...policies,
    'payment.approve': { ...policies['payment.approve'], ...(localIdp && { localIdp }) },
  },
})

/**
 * The demo's options for its own OP and for each emulated one, with the settings that an app of that provider would
 * have.
 */
export const providers = {
  // The emulations know no client of the bank's own.
  'demo-id': (): DemoOptions => ({ provider: 'demo-id', pushedRequests: true }),
  auth0: (op: OpOverrides = auth0()): DemoOptions => ({
    provider: 'auth0',
    profile: 'auth0',
    op,
    apis: oneToken,
    client: { provider: auth0Profile({ audience: bankAudience }) },
    guard: locally(auth0Profile()),
  }),
  // This OP answers nothing silently, so a reload finds its session in the tab.
  'auth-action': (op: OpOverrides = authAction()): DemoOptions => ({
    provider: 'auth-action',
    profile: 'authAction',
    op,
    apis: oneToken,
    client: { storage: 'session' },
  }),
  cognito: (op: OpOverrides = cognito()): DemoOptions => ({
    provider: 'cognito',
    profile: 'cognito',
    op,
    apis: tokenOfApp,
    guard: locally(cognitoProfile()),
  }),
  curity: (op: OpOverrides = curity()): DemoOptions => ({
    provider: 'curity',
    profile: 'curity',
    op,
    apis: oneToken,
  }),
  // The session's token is for the bank, whose scope a sign-in asks for.
  entra: (op: OpOverrides = entra()): DemoOptions => ({
    provider: 'entra',
    profile: 'entra',
    op,
    client: { scope: `openid profile email offline_access ${entraScopes.bank}` },
    apis: {
      bank: { audience: entraApis.bank.clientId },
      statements: { audience: entraApis.statements.clientId, scope: entraScopes.statements },
    },
  }),
  'erp-net': (op: OpOverrides = erpNet()): DemoOptions => ({
    provider: 'erp-net',
    profile: 'erpNet',
    op,
    apis: oneToken,
    guard: locally(erpNetProfile()),
  }),
  'fusion-auth': (op: OpOverrides = fusionAuth()): DemoOptions => ({
    provider: 'fusion-auth',
    profile: 'fusionAuth',
    op,
    apis: tokenOfApp,
    guard: locally(fusionAuthProfile()),
  }),
  keycloak: (op: OpOverrides = keycloak()): DemoOptions => ({
    provider: 'keycloak',
    profile: 'keycloak',
    op,
    apis: oneToken,
  }),
}

/** The name of an OP that the demo can run. */
export type ProviderName = keyof typeof providers

/** Whether a text names an OP that the demo can run. */
export const isProviderName = (name: string | undefined): name is ProviderName =>
  name !== undefined && Object.hasOwn(providers, name)
