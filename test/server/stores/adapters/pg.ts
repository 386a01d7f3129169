// pg.ts
import { type SqlStore, sqlStore } from 'afresh/server/sql'
import type { Pool, PoolClient } from 'pg'

export function pgStore(pool: Pool): SqlStore<PoolClient> {
  return sqlStore({
    dialect: 'postgresql',
    query: async (text, values, client) => (await (client ?? pool).query(text, values)).rows,
  })
}

export async function transact<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  // Without a listener, a connection that breaks between two queries would end the process.
  const note = (error: Error): void => {
    broken = error
  }
  client.on('error', note)
  try {
    await client.query('BEGIN')
    const result = await work(client)
    const { command } = await client.query('COMMIT')
    // If the work has caught an error of the database, PostgreSQL rolls back instead, and only says so here.
    if (command !== 'COMMIT') throw new Error('PostgreSQL has rolled the transaction back')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(note)
    throw error
  } finally {
    client.off('error', note)
    client.release(broken)
  }
}
