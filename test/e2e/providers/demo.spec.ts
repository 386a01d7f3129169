import { beSomebodyElse, logIn } from '../demo.ts'
import { signUp } from './authorize.ts'
import { testFlows } from './flows.ts'

testFlows({
  name: 'oidc-provider (auth_time on demand)',
  demo: {},
  logIn,
  switchTo: beSomebodyElse,
  signUp,
  cannot: { 'step-up by acr': 'the demo’s own OP has no acr' },
})
