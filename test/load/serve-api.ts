// What the processes of an API have in common: the guard's options, the two routes, and how they start and end.
import { serve } from '@hono/node-server'
import { freshness, guardErrors } from 'afresh/server/hono'
import { Hono } from 'hono'

const { ISSUER = '', SECRET = '' } = process.env

/** The options of each process' guard, besides the store. */
export const guardOptions = {
  issuer: ISSUER,
  clientId: 'payments',
  audience: 'https://api.example',
  keys: [SECRET],
  actions: { 'voucher.spend': { maxAge: 3600, grant: { ttl: 600 } } },
  onError: () => {},
} as const

/** What a grant is spent on. */
export interface Operation {
  readonly voucher: number
  /** It throws after it has been written down. */
  readonly fails: boolean
}

/** Serves the freshness endpoint at `/freshness` and the operation at `/spend`, until the test is gone. */
export function serveApi(
  guard: Parameters<typeof freshness>[0],
  spend: (request: Request, operation: Operation) => Promise<void>,
): void {
  const app = new Hono()
  app.all('/freshness', freshness(guard))
  app.post('/spend', async c => {
    await spend(c.req.raw, {
      voucher: Number(c.req.header('Voucher')),
      fails: c.req.header('Fails') === 'yes',
    })
    return c.text('spent')
  })
  app.onError(guardErrors)
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) =>
    process.send?.({ port }),
  )
  process.once('disconnect', () => {
    server.close()
    process.exit()
  })
}
