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
