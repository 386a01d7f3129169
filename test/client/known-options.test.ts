import { expect, it } from 'vitest'
import type { AuthClientOptions } from '../../src/client/options.ts'
import { resolveOptions } from '../../src/client/resolved-options.ts'

const page = { origin: 'https://app.example', lang: undefined, userAgent: '', isInstalled: false }
const good = { issuer: 'https://op.example', clientId: 'payments' }

it.each<[string, object, string]>([
  ['misspelt', { scopes: 'openid' }, '`scope`'],
  ['in other letters', { clientid: 'x' }, '`clientId`'],
  ['of another library', { redirectUri: '/' }, '`redirectUri`'],
  ['in freshness', { freshness: { endpoint: '/api/freshness', endpont: '/' } }, '`freshness.endpoint`'],
  ['in api', { api: { origins: [], origin: 'https://api.example' } }, '`api.origins`'],
  ['in renewal', { renewal: { restor: [] } }, '`renewal.restore`'],
  ['in session', { session: { idel: 900 } }, '`session.idle`'],
  ['in triggers', { triggers: { idTokenAges: 300 } }, '`triggers.idTokenAge`'],
  ['that every object has', { toString: 1 }, '`toString`'],
])('an option %s is refused, with the nearest name', (_, options, name) => {
  expect(() => resolveOptions({ ...good, ...options }, page)).toThrow(
    expect.objectContaining({ code: 'configuration_invalid', message: expect.stringContaining(name) }),
  )
})

it.each<[string, object]>([
  ['a trigger of the app’s own', { triggers: { own: { shake: () => () => {} } } }],
  ['a member of a profile', { provider: { name: 'mine', note: 'kept' } }],
  ['a group that is undefined', { session: undefined, triggers: undefined }],
])('%s is no unknown option', (_, options) => {
  expect(() => resolveOptions({ ...good, ...options }, page)).not.toThrow()
})

it('an option that is undefined is left out, also where optional types are exact', () => {
  const left: AuthClientOptions = {
    ...good,
    scope: undefined,
    callbackUrl: undefined,
    provider: undefined,
    freshness: undefined,
    api: undefined,
    interaction: undefined,
    storage: undefined,
    tabs: undefined,
    renewal: { via: undefined, restore: undefined },
    idTokenSignature: undefined,
    dpop: undefined,
    session: { idle: undefined, absolute: undefined, warnBefore: undefined },
    triggers: undefined,
    uiLocales: undefined,
    onAccountChange: undefined,
    rememberAccounts: undefined,
    clockSkew: undefined,
    timeLimit: undefined,
    logger: undefined,
  }
  expect(JSON.stringify(resolveOptions(left, page))).toBe(JSON.stringify(resolveOptions(good, page)))
})
