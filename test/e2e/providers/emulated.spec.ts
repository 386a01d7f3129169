import type { Page } from '@playwright/test'
import { multiFactor } from '../../../demo/op/auth0.ts'
import { acr } from '../../../demo/op/curity.ts'
import { secondFactor } from '../../../demo/op/pages.ts'
import { providers } from '../../../demo/providers.ts'
import { logIn } from '../demo.ts'
import { testFlows } from './flows.ts'

export async function enterCode(popup: Page): Promise<void> {
  await popup.locator('[name=code]').fill(secondFactor)
  await popup.getByRole('button', { name: 'Confirm' }).click()
}

const later = 'the demo’s app has no button for it yet'
const noAcr = 'documents no acr: asking for one fails before leaving the page'

testFlows({
  name: 'auth0',
  demo: providers.auth0(),
  logIn,
  acr: {
    value: multiFactor,
    meet: async popup => {
      await logIn(popup, 'josh')
      await enterCode(popup)
    },
  },
  cannot: { 'sign-up': later },
})

testFlows({
  name: 'auth-action',
  demo: providers['auth-action'](),
  logIn,
  ends: {
    'step-up by prompt': 'step_up_denied: auth_time_missing',
    'step-up by max_age': 'step_up_denied: auth_time_missing',
  },
  cannot: { 'step-up by acr': noAcr, 'sign-up': later },
})

testFlows({
  name: 'curity',
  demo: providers.curity(),
  logIn,
  acr: { value: acr.device, meet: enterCode },
  cannot: { 'sign-up': 'documents no request that asks for a new account' },
})

testFlows({
  name: 'erp-net',
  demo: providers['erp-net'](),
  logIn,
  cannot: { 'step-up by acr': noAcr, 'sign-up': 'documents no request that asks for a new account' },
})

testFlows({
  name: 'fusion-auth',
  demo: providers['fusion-auth'](),
  logIn,
  cannot: { 'step-up by acr': noAcr, 'sign-up': 'documents no request that asks for a new account' },
})
