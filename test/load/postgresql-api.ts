// One process of an API behind a load balancer: it spends grants in the transaction that writes the operation down.
import { createFreshnessGuard, GuardError } from 'afresh/server'
import { sqlStore } from 'afresh/server/sql'
import { HTTPException } from 'hono/http-exception'
import { DatabaseError, Pool, type PoolClient } from 'pg'
import { inTransaction } from '../support/pg-transaction.ts'
import { guardOptions, serveApi } from './serve-api.ts'

const { DATABASE_URL = '', ISOLATION = '' } = process.env
/** How often a transaction is tried that others got in the way of. */
const tries = 20

const pool = new Pool({ connectionString: DATABASE_URL, max: 24 })
// A connection that breaks ends the process unless there is a listener, on the pool and on each client.
pool.on('error', () => {})
pool.on('connect', client => client.on('error', () => {}))
const store = sqlStore({
  dialect: 'postgresql',
  query: async (text, values, client?: PoolClient) => (await (client ?? pool).query(text, values)).rows,
})
const guard = createFreshnessGuard({ ...guardOptions, store })
await guard.ready()

serveApi(guard, async (request, { voucher, fails }) => {
  const work = (transaction: PoolClient): Promise<void> =>
    guard.protect(request, 'voucher.spend', { subject: 'josh', transaction }, async () => {
      await transaction.query('INSERT INTO ledger (voucher) VALUES ($1)', [voucher])
      if (fails) throw new HTTPException(409)
    })
  await retried(() => inTransaction(pool, ISOLATION, work)).catch(error => {
    if (error instanceof GuardError || error instanceof HTTPException) throw error
    throw new HTTPException(503, { cause: error })
  })
})

/** PostgreSQL asks for another try by 40001 (serialization_failure). */
async function retried(work: () => Promise<void>): Promise<void> {
  for (let left = tries - 1; ; left--) {
    try {
      return await work()
    } catch (error) {
      if (left === 0 || !(error instanceof DatabaseError) || error.code !== '40001') throw error
    }
  }
}
