// @vitest-environment jsdom

import { type AuthClient, selectPrompt } from 'afresh'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { createClientIn } from '../../../src/client/create-client-in.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { TestPage } from '../../support/page.ts'
import { type Payment, payment } from '../../support/shop.ts'

const seconds = (): number => Math.floor(Date.now() / 1000)
const batch: readonly Payment[] = ['p1', 'p2', 'p3'].map(id => ({ ...payment, id }))
let op: ScriptedOp
let page: TestPage
let client: AuthClient

beforeAll(async () => {
  op = await startOp(seconds)
})
afterAll(() => op.close())
beforeEach(() => {
  sessionStorage.clear()
  localStorage.clear()
  page = new TestPage(op)
  client = createClientIn(page, {
    issuer: op.issuer,
    clientId: 'payments',
    freshness: { endpoint: '/api/freshness' },
  })
})
afterEach(() => {
  client.dispose()
  vi.unstubAllGlobals()
})

it('three payments are approved with one prompt, one login and one grant', async () => {
  page.popups.push({ claims: { auth_time: seconds() - 1000 } })
  await client.signIn()
  const approve = client.action(
    'payments.approve',
    (payments: readonly Payment[], { fetch }) =>
      fetch('/api/batches', { method: 'POST', body: JSON.stringify(payments) }),
    { context: payments => payments.map(({ id, cents, to }) => ({ id, cents, to })) },
  )
  const prompts = new Set<string>()
  client.store.subscribe(state => {
    const prompt = selectPrompt(state)
    if (prompt) prompts.add(`${prompt.type} ${prompt.id}`)
  })
  page.popups.push({})
  const approved = approve.run(batch)
  await vi.waitFor(() => expect(selectPrompt(client.store.getState())?.type).toBe('step_up'), 5000)
  client.answerPrompt(selectPrompt(client.store.getState())?.id ?? '', 'continue')

  expect((await approved).status).toBe(200)
  expect(prompts.size).toBe(1)
  const grants = page.requests.map(({ headers }) => headers.get('Step-Up-Grant')).filter(Boolean)
  expect(grants).toHaveLength(1)
  expect(page.shop.ledger).toHaveLength(3)
})
