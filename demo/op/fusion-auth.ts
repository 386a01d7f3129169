import type { Interaction } from 'oidc-provider'
import { interactionPolicy } from './library.ts'
import { changeResponse } from './location.ts'
import type { OpOverrides } from './op.ts'
import { oneForAll } from './resources.ts'
import type { AboutToken, Claims } from './rewrite-tokens.ts'

/** What may differ from one FusionAuth application to another. */
export interface FusionAuthOptions {
  /** The domains whose people sign in at an identity provider of their own. */
  readonly managedDomains?: readonly string[]
  /** Who owns the application. Default: the owner of the OP. */
  readonly party?: 'first' | 'third'
  /** When a third party's application has to ask for consent. Default: until the person has decided. */
  readonly consent?: 'AlwaysPrompt' | 'RememberDecision' | 'NeverPrompt'
  /** The people who have decided. The OP adds to it. Default: none. */
  readonly decided?: Set<string>
}

/**
 * Emulates FusionAuth as documented: a silent request that needs consent fails with `consent_required`, and
 * `prompt=consent` matters only to a third party's application that remembers decisions. Both tokens name the
 * application as `aud`, and always tell `auth_time` and `authenticationType`; access tokens have `applicationId` too.
 * Inferred, from the names of the three modes: that AlwaysPrompt asks each time, RememberDecision until the person has
 * decided, and NeverPrompt, like a first party's application, never. Invented: that the identity providers of managed
 * domains are OpenID Connect's.
 */
export function fusionAuth({
  managedDomains = ['example.com'],
  party = 'first',
  consent = 'RememberDecision',
  decided = new Set(),
}: FusionAuthOptions = {}): OpOverrides {
  const asksConsent = (prompt: string | undefined, person = ''): boolean => {
    if (party === 'first' || consent === 'NeverPrompt') return false
    return consent === 'AlwaysPrompt' || prompt?.includes('consent') === true || !decided.has(person)
  }
  return {
    configure: configuration => ({
      ...configuration,
      extraParams: ['idp_hint'],
      features: {
        ...configuration.features,
        resourceIndicators: oneForAll(configuration.ttl?.AccessToken ?? 300),
      },
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
      // These people are sent to their own identity provider, which knows them and does not get `prompt`.
      return session?.accountId !== undefined && skipsLogin(interaction) ? [] : ['password']
    },
    login: (_, __, steps) => ({ amr: [steps.includes('password') ? 'PASSWORD' : 'OPENID_CONNECT'] }),
    idToken: ({ amr: _, ...claims }, about) => ({ ...claims, ...ofLogin(about) }),
    accessToken: ({ client_id: app, ...claims }, about) => ({
      ...claims,
      ...ofLogin(about),
      aud: app,
      applicationId: app,
    }),
    accessTokenType: 'JWT',
    consented: ({ session }) => void decided.add(session?.accountId ?? ''),
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

/** How and when the person has signed in. Documented: a refresh is an authentication of a type of its own. */
const ofLogin = ({ request, login }: AboutToken): Claims => ({
  auth_time: login.authTime,
  authenticationType: request === undefined ? 'REFRESH_TOKEN' : login.amr?.[0],
})
