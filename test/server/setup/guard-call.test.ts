import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccessTokenGuard } from '../../../src/server/access-token.ts'
import { memoryStore } from '../../../src/server/index.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { ManualClock, openShop } from '../../support/shop.ts'

const clock = new ManualClock()
let op: ScriptedOp

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())

describe('a request that is none of the Web standard', () => {
  // Express, Fastify and Node keep headers in a plain object.
  it.each<[string, unknown]>([
    ['a framework’s own', { method: 'POST', headers: { host: 'api.example' } }],
    ['one without headers', {}],
    ['undefined', undefined],
    ['null', null],
    ['text', 'https://api.example'],
  ])('(%s) is a ConfigurationError for each function of the guards', async (_, given) => {
    const request = given as Request
    const { guard } = openShop(op, clock)
    const accessTokens = createAccessTokenGuard({
      issuer: op.issuer,
      audience: 'https://api.example',
      store: memoryStore(),
    })
    const calls = [
      () => guard.require(request, 'email.change', { subject: 'josh' }),
      () => guard.checkDpop(request, {}),
      () => guard.verifyLogoutToken(request),
      () => accessTokens.requireAccessToken(request),
    ]
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'configuration_invalid' })
  })
})
