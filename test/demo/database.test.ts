import { expect, it } from 'vitest'
import { type Database, openDatabase, type Transaction } from '../../demo/api/database.ts'

const open = (): Database => openDatabase('CREATE TABLE lines (text TEXT)')
const write = ({ query }: Pick<Transaction, 'query'>, text: string): Promise<unknown> =>
  query('INSERT INTO lines VALUES (?)', [text])
const lines = async ({ query }: Pick<Transaction, 'query'>): Promise<string[]> =>
  (await query<{ text: string }>('SELECT text FROM lines ORDER BY rowid')).map(({ text }) => text)

it('a transaction that fails leaves nothing behind, whatever others wrote meanwhile', async () => {
  const database = open()
  const failing = database.transaction(async transaction => {
    await write(transaction, 'lost')
    await Promise.resolve()
    throw new Error('no')
  })
  await Promise.all([expect(failing).rejects.toThrow('no'), write(database, 'kept')])
  expect(await lines(database)).toEqual(['kept'])
})

it('two transactions at once come one after the other', async () => {
  const database = open()
  const both = ['a', 'b'].map(name =>
    database.transaction(async transaction => {
      await write(transaction, `${name} begins`)
      await new Promise(resolve => setImmediate(resolve))
      await write(transaction, `${name} ends`)
    }),
  )
  await Promise.all(both)
  expect(await lines(database)).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
})

it('a transaction that has asked nothing yet holds up no other', async () => {
  const database = open()
  await database.transaction(async transaction => {
    await write(database, 'outside')
    await write(transaction, 'inside')
  })
  expect(await lines(database)).toEqual(['outside', 'inside'])
})

it('statements of one transaction at once are one transaction', async () => {
  const database = open()
  await database.transaction(async transaction => {
    await Promise.all([write(transaction, 'a'), write(transaction, 'b')])
  })
  expect(await lines(database)).toEqual(['a', 'b'])
})

it('a transaction that fails while it waits for its turn leaves another’s writes alone', async () => {
  const database = open()
  let fail = (): void => {}
  const failure = new Promise<never>((_, reject) => {
    fail = () => reject(new Error('no'))
  })
  const paying = database.transaction(async transaction => {
    await write(transaction, 'kept')
    fail()
    await new Promise(resolve => setImmediate(resolve))
  })
  const failing = database.transaction(transaction => Promise.all([write(transaction, 'lost'), failure]))
  await Promise.all([paying, expect(failing).rejects.toThrow('no')])
  expect(await lines(database)).toEqual(['kept'])
})

it('a statement that comes after the end of its transaction is refused', async () => {
  const database = open()
  const ended: Transaction[] = []
  await database.transaction(async transaction => {
    ended.push(transaction)
  })
  const failing = database.transaction(async transaction => {
    ended.push(transaction)
    await write(transaction, 'lost')
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  for (const transaction of ended) await expect(write(transaction, 'late')).rejects.toThrow('over')
  expect(await lines(database)).toEqual([])
})

it('a transaction that cannot be committed leaves nothing behind, and the next one works', async () => {
  const database = openDatabase(`
    CREATE TABLE lines (text TEXT PRIMARY KEY);
    CREATE TABLE marks (text TEXT REFERENCES lines DEFERRABLE INITIALLY DEFERRED)`)
  await database.query('PRAGMA foreign_keys = ON')
  const refused = database.transaction(async transaction => {
    await write(transaction, 'lost')
    await transaction.query("INSERT INTO marks VALUES ('none')")
  })
  await expect(refused).rejects.toThrow('FOREIGN KEY')
  await database.transaction(transaction => write(transaction, 'kept'))
  expect(await lines(database)).toEqual(['kept'])
})
