import type { Interaction } from 'oidc-provider'
import { interactionPolicy } from './library.ts'
import { changeResponse } from './location.ts'
import type { OpOverrides } from './op.ts'

export interface FusionAuthOptions {
  /** The domains whose people sign in at an identity provider of their own. */
  readonly managedDomains?: readonly string[]
  /** Whose application it is. Default: the own one. */
  readonly party?: 'first' | 'third'
  /** When a third party's application has to ask for consent. Default: until the person has decided. */
  readonly consent?: 'AlwaysPrompt' | 'RememberDecision' | 'NeverPrompt'
}

/** FusionAuth as documented. */
export function fusionAuth({
  managedDomains = ['example.com'],
  party = 'first',
  consent = 'RememberDecision',
}: FusionAuthOptions = {}): OpOverrides {
  const decided = new Set<string | undefined>()
  const asksConsent = (prompt: string | undefined, person: string | undefined): boolean => {
    if (party === 'first' || consent === 'NeverPrompt') return false
    return consent === 'AlwaysPrompt' || prompt?.includes('consent') === true || !decided.has(person)
  }
  return {
    configure: configuration => ({
      ...configuration,
      extraParams: ['idp_hint'],
      claims: { ...configuration.claims, profile: ['name', 'given_name', 'family_name'] },
      interactions: { ...configuration.interactions, policy: policy() },
    }),
    middleware: [
      async (ctx, next) => {
        const params = new URLSearchParams(ctx.querystring)
        const asked = params.get('prompt')?.split(' ') ?? []
        if (asked.includes('select_account')) {
          const prompt = asked.filter(value => value !== 'select_account').join(' ')
          if (prompt === '') params.delete('prompt')
          else params.set('prompt', prompt)
          ctx.querystring = params.toString()
        }
        await next()
        changeResponse(ctx, 'http://localhost', response => {
          const error = response.get('error')
          if (response.has('code')) {
            response.set('locale', 'en')
            response.set('userState', 'Authenticated')
          }
          if (error === 'login_required') {
            response.set('error_reason', 'authentication_required')
            response.set('error_description', 'The user is required to complete authentication.')
          }
          if (error === 'consent_required') response.set('error_reason', 'consent_required')
        })
      },
    ],
    steps: interaction => {
      const { prompt, params, session } = interaction
      if (prompt.name === 'consent') return asksConsent(params.prompt, session?.accountId) ? ['consent'] : []
      // Sent on to their own identity provider, which knows them and is not told of `prompt`.
      return session?.accountId !== undefined && skipsLogin(interaction) ? [] : ['password']
    },
    consented: ({ session }) => void decided.add(session?.accountId),
  }

  function skipsLogin({ params }: Interaction): boolean {
    const domain = params.login_hint?.split('@')[1] ?? ''
    return params.idp_hint !== undefined || managedDomains.includes(domain)
  }

  function policy() {
    const policy = interactionPolicy.base()
    policy
      .get('consent')
      ?.checks.add(
        new interactionPolicy.Check(
          'undecided',
          'The user is required to consent.',
          'consent_required',
          ({ oidc }) =>
            oidc.result?.consent === undefined && asksConsent(oidc.params.prompt, oidc.session.accountId),
        ),
      )
    return policy
  }
}
