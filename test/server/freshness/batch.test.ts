import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { contextHash } from '../../../src/server/index.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { Browser, ManualClock, openShop, type Payment, type Reply, type Shop } from '../../support/shop.ts'

// Several payments approved with one login are one action, and its context is the list.
const paper: Payment = { id: 'p1', cents: 25_000, to: 'ACME' }
const rent: Payment = { id: 'p2', cents: 184_000, to: 'Harbour' }
const print: Payment = { id: 'p3', cents: 112_075, to: 'Linden' }
const batch = [paper, rent, print]
const clock = new ManualClock()
let op: ScriptedOp
let shop: Shop
let josh: Browser

beforeAll(async () => {
  op = await startOp(clock.now)
})
afterAll(() => op.close())
beforeEach(() => {
  shop = openShop(op, clock)
  josh = new Browser(shop.app)
})

function approve(payments: readonly unknown[], grant?: string): Promise<Reply> {
  return josh.send('/api/batches', payments, grant ? { 'Step-Up-Grant': grant } : {})
}

/** Josh is challenged for the list, signs in once more, and gets a grant. */
async function stepUp(payments: readonly Payment[]): Promise<string> {
  const { body } = await approve(payments)
  clock.advance(5)
  const proof = await op.mint({ nonce: body.nonce })
  return (await josh.prove(body.challenge, proof)).body.grant ?? ''
}

it('one login approves the three, in one operation with a ledger line for each', async () => {
  const grant = await stepUp(batch)
  expect(decodeJwt(grant)).toMatchObject({ context_hash: await contextHash(batch) })
  expect(shop.ledger).toEqual([])
  expect((await approve(batch, grant)).status).toBe(200)
  expect(shop.ledger).toHaveLength(3)
  expect(new Set(shop.ledger.map(({ challengeId }) => challengeId))).toHaveProperty('size', 1)
})

it.each<[string, readonly unknown[]]>([
  ['two of them', [paper, rent]],
  ['one of them, in a list', [paper]],
  ['none', []],
  ['another order', [rent, paper, print]],
  ['one more', [...batch, { id: 'p4', cents: 1, to: 'Thief' }]],
  ['one of them twice', [...batch, paper]],
  ['another amount in one of them', [paper, rent, { ...print, cents: 912_075 }]],
  ['a list in the list', [batch]],
])('a grant for three payments is not good for %s, and stays good for the three', async (_, others) => {
  const grant = await stepUp(batch)
  expect((await approve(others, grant)).status).toBe(401)
  expect(shop.ledger).toEqual([])
  expect((await approve(batch, grant)).status).toBe(200)
})

it('a grant for three payments approves none of them by itself', async () => {
  const grant = await stepUp(batch)
  expect((await josh.approve(paper, grant)).status).toBe(401)
  expect(shop.ledger).toEqual([])
})

it('a grant for one payment approves no list', async () => {
  const { body } = await josh.approve(paper)
  clock.advance(5)
  const { grant } = (await josh.prove(body.challenge, await op.mint({ nonce: body.nonce }))).body
  expect((await approve([paper], grant)).status).toBe(401)
  expect(shop.ledger).toEqual([])
})

it('the same three are approved once', async () => {
  const grant = await stepUp(batch)
  const replies = await Promise.all([approve(batch, grant), approve(batch, grant)])
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 401])
  expect(shop.ledger).toHaveLength(3)
})
