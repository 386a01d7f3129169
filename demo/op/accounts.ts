import { interactionPolicy } from './library.ts'
import type { OpOverrides } from './op.ts'
import { wasShown } from './payment-approvals.ts'

/** The demo's own OP: a person can choose an account (`select_account`) and create one (`create`). */
export const withAccounts: OpOverrides = {
  configure: configuration => {
    const { Prompt, base } = interactionPolicy
    const policy = base()
    policy.add(new Prompt({ name: 'select_account', requestable: true }), 0)
    policy.add(new Prompt({ name: 'create', requestable: true }), 0)
    return {
      ...configuration,
      interactions: { ...configuration.interactions, policy },
      // Initiating User Registration via OpenID Connect 1.0 §4.
      discovery: { prompt_values_supported: ['none', 'login', 'consent', 'select_account', 'create'] },
    }
  },
  steps: interaction => {
    const { prompt, session } = interaction
    switch (prompt.name) {
      case 'select_account':
        return session?.accountId === undefined ? [] : ['account']
      case 'create':
        return ['person']
      case 'consent':
        return wasShown(interaction) ? [] : { error: 'interaction_required' }
      default:
        return ['password']
    }
  },
}
