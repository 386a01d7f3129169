import type { Pool, PoolClient } from 'pg'

/** Does the work in a transaction of its own, which is rolled back when anything fails. */
export async function inTransaction<T>(
  pool: Pool,
  isolation: string,
  work: (transaction: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query(`BEGIN ISOLATION LEVEL ${isolation}`)
    const result = await work(client)
    await client.query('COMMIT')
    client.release()
    return result
  } catch (error) {
    // A connection that cannot even roll back is thrown away, and the database rolls back.
    const broken = await client.query('ROLLBACK').then(
      () => false,
      () => true,
    )
    client.release(broken)
    throw error
  }
}
