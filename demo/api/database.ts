import { DatabaseSync } from '@photostructure/sqlite'

/** A value of a column. */
export type Value = string | number

/** Runs one statement, and gives its rows. */
export type Query = <Row = unknown>(text: string, values?: readonly Value[]) => Promise<Row[]>

/** Statements that take effect together, or not at all. */
export interface Transaction {
  readonly query: Query
}

/** The bank's SQLite database, in memory. */
export interface Database {
  /** Runs one statement by itself. */
  readonly query: Query
  /**
   * Commits what `work` writes. If `work` rejects, it is as if nothing had been written. After its first statement,
   * `work` must use its own `query` only: another one waits until this transaction is over.
   */
  readonly transaction: <Result>(work: (transaction: Transaction) => Promise<Result>) => Promise<Result>
}

/**
 * Opens a new database.
 *
 * @param schemas the statements that make its tables
 */
export function openDatabase(...schemas: readonly string[]): Database {
  const connection = new DatabaseSync(':memory:')
  for (const schema of schemas) connection.exec(schema)
  const run = <Row>(text: string, values: readonly Value[] = []): Row[] =>
    connection.prepare(text).all(...values) as Row[]

  // There is one connection, so all have it in turn: a statement in the middle of another's transaction would be part
  // of it.
  const takeTurn = createTurns()
  const begin = async (): Promise<() => void> => {
    const endTurn = await takeTurn()
    connection.exec('BEGIN')
    return endTurn
  }

  return {
    async query(text, values) {
      const endTurn = await takeTurn()
      try {
        return run(text, values)
      } finally {
        endTurn()
      }
    },
    async transaction(work) {
      // It begins with its first statement. What comes before may be slow, and may need the connection: a guard writes
      // down that it has seen a DPoP proof.
      let begun: Promise<() => void> | undefined
      let isOver = false
      const query: Query = async (text, values) => {
        if (isOver) throw new Error('This transaction is over')
        begun ??= begin()
        await begun
        return run(text, values)
      }
      try {
        const result = await work({ query })
        if (await begun) connection.exec('COMMIT')
        return result
      } catch (error) {
        // SQLite has ended it already after some errors, such as a full disk.
        if ((await begun) && connection.isTransaction) connection.exec('ROLLBACK')
        throw error
      } finally {
        isOver = true
        const endTurn = await begun
        endTurn?.()
      }
    },
  }
}

/** Makes a queue: each caller waits for its turn, and gets the function that ends it. */
function createTurns(): () => Promise<() => void> {
  let last: Promise<void> = Promise.resolve()
  return async () => {
    const before = last
    let end = (): void => {}
    last = new Promise(resolve => {
      end = resolve
    })
    await before
    return end
  }
}
