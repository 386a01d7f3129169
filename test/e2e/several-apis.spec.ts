import { decodeJwt } from 'jose'
import { ownTokens } from '../../demo/apis.ts'
import type { DemoOptions } from '../../demo/demo.ts'
import { withAccounts } from '../../demo/op/accounts.ts'
import { expect } from './demo.ts'
import { authorize } from './providers/authorize.ts'
import { type Addresses, callAll, test } from './support/callers-page.ts'

let grants: unknown[] = []
test.beforeEach(() => {
  grants = []
})

/** Counts what the OP's token endpoint is asked for. */
const counting = (issueRefreshToken: () => boolean): DemoOptions => ({
  op: {
    ...withAccounts,
    configure: base => ({ ...(withAccounts.configure?.(base) ?? base), issueRefreshToken }),
    middleware: [
      async (ctx, next) => {
        await next()
        if (ctx.path === '/token' && ctx.method === 'POST') grants.push(ctx.oidc.params.grant_type)
      },
    ],
  },
})

const fiftyEach = ({ bank, statements }: Addresses): string[] =>
  Array.from({ length: 50 }, () => [bank, statements]).flat()

const code = 'authorization_code'
const refresh = 'refresh_token'

for (const [how, demoOptions, first, second] of [
  ['hidden frames', counting(() => false), [code, code], [code, code]],
  ['refresh tokens', counting(() => true), [code, refresh], [refresh, refresh]],
] as const)
  test.describe(`with ${how}`, () => {
    test.use({ demoOptions })

    test('fifty callers of each of two APIs make two token requests in all, and two more once the tokens have ended', async ({
      page,
      context,
      addresses,
    }) => {
      expect(await callAll(page, fiftyEach(addresses))).toEqual([200])
      expect(grants).toEqual(first)
      await context.clock.fastForward(400_000)
      expect(await callAll(page, fiftyEach(addresses))).toEqual([200])
      expect(grants).toEqual([...first, ...second])
    })
  })

test('each API gets a token for itself alone, and refuses the other’s', async ({ page, addresses }) => {
  const sent: Record<string, string> = {}
  page.on('request', request => {
    const { authorization } = request.headers()
    if (authorization !== undefined) sent[request.url()] = authorization
  })
  const { bank, statements } = addresses
  expect(await callAll(page, [bank, statements])).toEqual([200])
  const tokenFor = (url: string): string => sent[url] ?? ''
  const claimsOf = (url: string): unknown => decodeJwt(tokenFor(url).replace('Bearer ', ''))
  expect(claimsOf(bank)).toMatchObject({ aud: ownTokens.bank.audience })
  expect(claimsOf(statements)).toMatchObject({
    aud: ownTokens.statements.audience,
    scope: 'statements.read',
  })

  for (const [url, other] of [
    [bank, statements],
    [statements, bank],
  ] as const) {
    const ask = (authorization: string) => page.request.get(url, { headers: { authorization } })
    expect((await ask(tokenFor(url))).status()).toBe(200)
    const refused = await ask(tokenFor(other))
    expect(refused.status()).toBe(401)
    expect(refused.headers()['www-authenticate']).toContain('error="invalid_token"')
  }
})

test('the OP refuses a sign-in for an API that it does not know', async ({ page, demo }) => {
  const resource = 'https://unknown.example/'
  expect(await authorize(page, demo, { resource })).toMatchObject({ error: 'invalid_target' })
})
