import type { Interaction } from 'oidc-provider'
import { now, readFactors, writeFactors } from './factors.ts'
import { interactionPolicy } from './library.ts'
import { redirectError } from './location.ts'
import type { OpOverrides } from './op.ts'

/** Documented: the `acr` value that asks for a second factor. */
export const multiFactor = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor'

/** What may differ from one Auth0 tenant to another. */
export interface Auth0Options {
  /** The error that every silent request ends in. Default: none. */
  readonly silentError?: () => string | undefined
  /** Whether the token endpoint demands a second factor before it refreshes (`mfa_required`). Default: no. */
  readonly refreshNeedsMfa?: () => boolean
}

/**
 * Emulates Auth0 as documented: an access token is a JWT for the API that `audience` names, in Auth0's own form, or
 * without one for Auth0 alone. jane comes through an enterprise connection, whose identity provider knows her and does
 * not ask her again. A second factor without a password does not move `auth_time` here; whether it does is not
 * documented, and `auth_time` is left out there. A `sub` names its connection, as Auth0's user ids do.
 */
export function auth0({
  silentError = () => undefined,
  refreshNeedsMfa = () => false,
}: Auth0Options = {}): OpOverrides {
  const isFederated = (sub: string | undefined): boolean => sub?.startsWith('samlp|') === true
  const wantsMultiFactor = (acrValues: string | undefined): boolean =>
    acrValues?.split(' ').includes(multiFactor) === true
  return {
    issuer: origin => `${origin}/`,
    subjectOf: ({ username }) => (username === 'jane' ? 'samlp|corp|jane' : `auth0|${username}`),
    configure: configuration => ({
      ...configuration,
      // Access tokens say nothing of the login.
      extraTokenClaims: () => ({}),
      extraParams: ['screen_hint', 'audience'],
      features: {
        ...configuration.features,
        claimsParameter: { enabled: false },
        ...(configuration.features?.resourceIndicators && {
          // Without an audience, an access token is one that only Auth0 can read.
          resourceIndicators: {
            ...configuration.features.resourceIndicators,
            defaultResource: () => undefined,
          },
        }),
      },
      interactions: { ...configuration.interactions, policy: policy() },
    }),
    middleware: [
      async (ctx, next) => {
        if (ctx.path === '/auth') {
          const params = new URLSearchParams(ctx.querystring)
          const prompt = params.get('prompt') ?? ''
          const error = silentError()
          if (prompt === 'none' && error !== undefined) {
            redirectError(ctx, '/', { error })
            return
          }
          const audience = params.get('audience')
          if (audience !== null) {
            params.set('resource', audience)
            ctx.querystring = params.toString()
          }
          // The library gives a refresh token only with a consent, and this OP asks no person for one.
          if (prompt !== 'none' && params.get('scope')?.split(' ').includes('offline_access')) {
            params.set('prompt', `${prompt} consent`.trim())
            ctx.querystring = params.toString()
          }
        }
        await next()
        if (ctx.path === '/token' && ctx.oidc.params.grant_type === 'refresh_token' && refreshNeedsMfa()) {
          ctx.status = 403
          ctx.body = { error: 'mfa_required', error_description: 'Multifactor authentication required' }
        }
      },
    ],
    steps: interaction => {
      if (interaction.prompt.name === 'consent') return []
      if (interaction.params.screen_hint === 'signup' && interaction.session === undefined) return ['person']
      const second = wantsMultiFactor(interaction.params.acr_values) ? (['code'] as const) : []
      // Her own identity provider still has a session, so it asks nothing.
      if (isFederated(interaction.session?.accountId)) return []
      return [...(needsPassword(interaction) ? (['password'] as const) : []), ...second]
    },
    login: (_, { session }, steps) => {
      // The answer of her own identity provider counts as a login made now.
      const isNew = steps.includes('password') || isFederated(session?.accountId)
      const times = new Map(isNew ? [] : readFactors(session?.amr))
      if (steps.includes('code')) times.set('mfa', now())
      if (!times.has('pwd')) times.set('pwd', now())
      return {
        ...(times.has('mfa') && { acr: multiFactor }),
        amr: writeFactors(times),
        ts: times.get('pwd') ?? now(),
      }
    },
    accessToken: ({ client_id: azp, ...claims }) => ({
      ...claims,
      scope: 'openid profile email',
      aud: [claims.aud, `${claims.iss}userinfo`],
      azp,
    }),
    accessTokenType: 'JWT',
    idToken: (claims, { request, login }) => {
      const { auth_time: _, ...rest } = claims
      const { acr, authTime } = login
      const prompts = request?.get('prompt')?.split(' ')
      const askedToLogIn = prompts?.includes('login') === true || request?.get('max_age') === '0'
      const silent = request === undefined || request.get('prompt') === 'none'
      const strong = acr === multiFactor && !silent && wantsMultiFactor(request.get('acr_values') ?? '')
      return {
        ...rest,
        ...(askedToLogIn && { auth_time: authTime }),
        ...(strong && { acr, amr: ['mfa'] }),
      }
    },
  }

  function policy() {
    const policy = interactionPolicy.base()
    const check = new interactionPolicy.Check(
      'mfa',
      'Multifactor authentication required',
      'login_required',
      ({ oidc }) =>
        wantsMultiFactor(oidc.params.acr_values) &&
        oidc.result?.login === undefined &&
        !readFactors(oidc.session.amr).has('mfa'),
    )
    policy.get('login')?.checks.add(check)
    return policy
  }
}

function needsPassword({ session, prompt }: Interaction): boolean {
  return session?.accountId === undefined || prompt.reasons.some(reason => reason !== 'mfa')
}
