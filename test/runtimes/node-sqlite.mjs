// One of several processes that spend the same grants in one SQLite file, by node:sqlite of Node 22. A third of the
// transactions is rolled back. Prints how many it has committed.
import { DatabaseSync } from 'node:sqlite'
import { openSqlite } from '../server/stores/adapters/sqlite.ts'

const [file, grants] = process.argv.slice(2)
const db = new DatabaseSync(file, { timeout: 10_000 })
const { store, transact } = openSqlite(db)
await store.proveTransactions(transact)

const attempt = (grant, fails) =>
  transact(async db => {
    if (!(await store.within(db).consume(`grant:${grant}`, 600))) return 0
    db.prepare('INSERT INTO changes VALUES (?)').all(grant)
    await new Promise(resolve => setImmediate(resolve))
    if (fails) throw new Error('rolled back')
    return 1
  }).catch(error => {
    if (error.message === 'rolled back') return 0
    throw error
  })

const attempts = Array.from({ length: 3 * grants }, (_, i) => attempt(i % grants, i < grants))
const committed = await Promise.all(attempts)
console.log(committed.reduce((sum, one) => sum + one, 0))
