import { logIn } from '../demo.ts'
import { testFlows } from './flows.ts'

const none = 'this one has no acr'

testFlows({
  name: 'oidc-provider (auth_time on demand)',
  demo: { op: {} },
  logIn,
  cannot: { 'step-up by acr': none, 'sign-up': 'its page has no such form' },
})
