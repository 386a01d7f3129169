import { auth0 as auth0Profile, erpNet as erpNetProfile, type ProviderProfile } from 'afresh/providers'
import { policies } from './api/api.ts'
import type { DemoOptions } from './demo.ts'
import { authAction } from './op/auth-action.ts'
import { auth0 } from './op/auth0.ts'
import { curity } from './op/curity.ts'
import { erpNet } from './op/erp-net.ts'
import { fusionAuth } from './op/fusion-auth.ts'
import type { OpOverrides } from './op/op.ts'

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
  'demo-id': (): DemoOptions => ({ provider: 'demo-id' }),
  auth0: (op: OpOverrides = auth0()): DemoOptions => ({
    provider: 'auth0',
    profile: 'auth0',
    op,
    guard: locally(auth0Profile()),
  }),
  // This OP answers nothing silently, so a reload finds its session in the tab.
  'auth-action': (op: OpOverrides = authAction()): DemoOptions => ({
    provider: 'auth-action',
    profile: 'authAction',
    op,
    client: { storage: 'session' },
  }),
  curity: (op: OpOverrides = curity()): DemoOptions => ({
    provider: 'curity',
    profile: 'curity',
    op,
  }),
  'erp-net': (op: OpOverrides = erpNet()): DemoOptions => ({
    provider: 'erp-net',
    profile: 'erpNet',
    op,
    guard: locally(erpNetProfile()),
  }),
  'fusion-auth': (op: OpOverrides = fusionAuth()): DemoOptions => ({
    provider: 'fusion-auth',
    profile: 'fusionAuth',
    op,
  }),
}

/** The name of an OP that the demo can run. */
export type ProviderName = keyof typeof providers

/** Whether a text names an OP that the demo can run. */
export const isProviderName = (name: string | undefined): name is ProviderName =>
  name !== undefined && Object.hasOwn(providers, name)
