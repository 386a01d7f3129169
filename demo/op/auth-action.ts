import { redirectError } from './location.ts'
import type { OpOverrides } from './op.ts'

/** What AuthAction's documentation leaves open. */
export interface AuthActionOptions {
  /** Not documented: whether `prompt=login` asks a person who is signed in. Default: it does. */
  readonly promptLogin?: 'authenticates' | 'names-the-screen'
  /** Not documented: whether ID Tokens say when the person signed in. Default: false. */
  readonly authTime?: boolean
}

/** Emulates AuthAction as documented. Its error code is not documented; `invalid_request` is the specification's. */
export function authAction({
  promptLogin = 'authenticates',
  authTime = false,
}: AuthActionOptions = {}): OpOverrides {
  return {
    issuer: origin => `${origin}/`,
    configure: configuration => ({
      ...configuration,
      issueRefreshToken: () => true,
      expiresWithSession: () => false,
      discovery: { ...configuration.discovery, prompt_values_supported: ['login', 'signup'] },
      extraParams: ['sign_up'],
      routes: { authorization: '/oauth2/authorize' },
      extraTokenClaims: () => ({}),
      features: { ...configuration.features, claimsParameter: { enabled: false } },
    }),
    middleware: [
      async (ctx, next) => {
        if (ctx.path !== '/oauth2/authorize') return next()
        const params = new URLSearchParams(ctx.querystring)
        const prompt = params.get('prompt')
        if (prompt !== null && prompt !== 'login' && prompt !== 'signup') {
          redirectError(ctx, '/', {
            error: 'invalid_request',
            error_description: 'prompt must be one of: login, signup',
            prompt,
          })
          return
        }
        if (prompt === 'signup') {
          params.set('prompt', 'login')
          params.set('sign_up', '1')
        } else if (prompt === 'login' && promptLogin === 'names-the-screen') params.delete('prompt')
        ctx.querystring = params.toString()
        await next()
      },
    ],
    steps: ({ prompt, params }) => {
      if (prompt.name === 'consent') return []
      return [params.sign_up === undefined ? 'password' : 'person']
    },
    idToken: (claims, { login }) => {
      const { auth_time: _, ...rest } = claims
      return authTime ? { ...rest, auth_time: login.authTime } : rest
    },
  }
}
