import { beSomebodyElse, logIn } from '../../demo.ts'
import { signUp } from '../authorize.ts'
import { testFlows } from '../flows.ts'

for (const [authTime, words] of [
  ['on-demand', 'on demand'],
  ['always', 'always'],
] as const) {
  testFlows({
    name: `oidc-provider 9, auth_time ${words}`,
    demo: { authTime },
    logIn,
    switchTo: beSomebodyElse,
    signUp,
    cannot: { 'step-up by acr': 'the demo’s set-up of it has no acr' },
  })
}
