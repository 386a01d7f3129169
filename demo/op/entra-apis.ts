import { jwtFor, type Resources } from './resources.ts'

/** The demo's two APIs: the identifier that begins the names of their scopes, and their registration's client id. */
export const entraApis = {
  bank: { identifier: 'api://pennyworth', clientId: '11112222-bbbb-4333-8ccc-4444dddd5555' },
  statements: { identifier: 'api://statements', clientId: '22223333-cccc-4444-8ddd-5555eeee6666' },
} as const

/** The scope of each API. */
export const entraScopes = {
  bank: `${entraApis.bank.identifier}/payments`,
  statements: `${entraApis.statements.identifier}/read`,
} as const

/** Microsoft Graph, which has the userinfo endpoint: a token with no scope of another API is for it. */
const graph = { identifier: 'https://graph.microsoft.com', clientId: '00000003-0000-0000-c000-000000000000' }

const apis = Object.values(entraApis)

/** All APIs, and first the one that the request's first token is for. */
export function byRequest(scopes: readonly string[]): readonly (typeof graph)[] {
  const first = apis.find(({ identifier }) => scopes.some(scope => scope.startsWith(`${identifier}/`)))
  return [first ?? graph, ...apis.filter(api => api !== first)]
}

/** How the library makes the tokens of each API. */
export const entraResources = (accessTokenTtl: number): Resources => ({
  enabled: true,
  // A token request that names no scope gets a token for the first API of the authorization request.
  defaultResource: ({ oidc }, _, granted = []) => {
    const scope = oidc.body?.scope
    return typeof scope === 'string'
      ? (byRequest(scope.split(' '))[0] ?? graph).identifier
      : (granted[0] ?? '')
  },
  useGrantedResource: () => true,
  getResourceServerInfo: (_, identifier) => {
    const [name] = Object.entries(entraApis).find(([, api]) => api.identifier === identifier) ?? []
    const api = apis.find(one => one.identifier === identifier) ?? graph
    const scope = name === 'bank' || name === 'statements' ? entraScopes[name] : ''
    return jwtFor(api.clientId, { scope, accessTokenTtl })
  },
})
