import type { Configuration } from 'oidc-provider'
import { ownTokens } from '../../demo/apis.ts'
import type { DemoOptions } from '../../demo/demo.ts'
import { withAccounts } from '../../demo/op/accounts.ts'
import { expect } from './demo.ts'
import { callAll, test } from './support/callers-page.ts'

const { scope: _, ...statements } = ownTokens.statements
const wanted = 'statements.export'

let asked: unknown[] = []
let statuses: number[] = []
test.beforeEach(({ page, addresses }) => {
  asked = []
  statuses = []
  page.on('response', response => {
    if (response.url() === addresses.statements) statuses.push(response.status())
  })
})

/** The second API demands a scope that the app has not asked for. */
const demoWith = (op: (configuration: Configuration) => Configuration): DemoOptions => ({
  apis: { ...ownTokens, statements },
  statementScope: wanted,
  op: {
    ...withAccounts,
    configure: configuration => op(withAccounts.configure?.(configuration) ?? configuration),
    middleware: [
      async (ctx, next) => {
        await next()
        if (ctx.path === '/token' && ctx.method === 'POST') asked.push(ctx.oidc.params.grant_type)
      },
    ],
  },
})

const knowingScope = (configuration: Configuration): Configuration => {
  const { clients, scopes = [], features = {} } = configuration
  const { resourceIndicators: known } = features
  return {
    ...configuration,
    clients: clients.map(client => ({ ...client, scope: `${client.scope} ${wanted}` })),
    scopes: [...scopes, wanted],
    features: {
      ...features,
      ...(known && {
        resourceIndicators: {
          ...known,
          getResourceServerInfo: (...of) => ({ ...known.getResourceServerInfo(...of), scope: wanted }),
        },
      }),
    },
  }
}

test.describe('where the OP grants the scope', () => {
  test.use({ demoOptions: demoWith(knowingScope) })

  test('an API that lacks a scope gets it by one more token request, and the call is sent once more', async ({
    page,
    addresses,
  }) => {
    expect(await callAll(page, [addresses.statements])).toEqual([200])
    expect(statuses).toEqual([403, 200])
    // For the API as it is known, and with the scope.
    expect(asked).toHaveLength(2)
  })

  test('fifty callers share that token request', async ({ page, addresses }) => {
    expect(
      await callAll(
        page,
        Array.from({ length: 50 }, () => addresses.statements),
      ),
    ).toEqual([200])
    expect(asked).toHaveLength(2)
  })
})

test.describe('where the OP does not grant the scope', () => {
  test.use({ demoOptions: demoWith(configuration => configuration) })

  test('the second 403 is the app’s', async ({ page, addresses }) => {
    expect(await callAll(page, [addresses.statements])).toEqual([403])
    expect(statuses).toEqual([403, 403])
    expect(asked).toHaveLength(2)
  })
})
