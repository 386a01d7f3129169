import { describe, expect, it } from 'vitest'
import { createStepUpQueue, type Turn } from '../../../src/client/step-up/step-up-queue.ts'
import { InteractionCancelledError } from '../../../src/core/errors.ts'
import { pageBrowser } from '../../../src/op/page-browser.ts'

const newLogin = { nonce: 'n', prompt: 'login', maxAge: 0 }
const recent = { nonce: 'm', maxAge: 300 }

/** A tab on its own. `turns` are those that it has given, in order. */
function openQueue() {
  const enter = createStepUpQueue(pageBrowser, null, new AbortController().signal)
  const turns: Turn[] = []
  const take = async (demand: { nonce: string; prompt?: string; maxAge: number }): Promise<Turn> => {
    const turn = await enter(demand, new AbortController().signal, () => {})
    turns.push(turn)
    return turn
  }
  return { take, turns }
}
const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

describe('step-ups that wait in one tab', () => {
  it('get their turns one by one when the one before them ends', async () => {
    const { take, turns } = openQueue()
    const first = await take(newLogin)
    void take(newLogin)
    void take(newLogin)
    first.end(null)
    await settle()
    expect(turns).toHaveLength(2)
    turns[1]?.end(null)
    await settle()
    expect(turns).toHaveLength(3)
  })

  it('join the one that goes first after the wait, if its login can be enough for them', async () => {
    const { take, turns } = openQueue()
    const first = await take(newLogin)
    first.close()
    void take(newLogin)
    const joined = take(recent)
    first.end(null)
    await settle()
    expect(turns).toHaveLength(2)
    expect(turns[1]?.demand).toMatchObject({ nonce: 'n', prompt: 'login', maxAge: 0 })
    turns[1]?.end(new InteractionCancelledError('dismissed'))
    await expect(joined).rejects.toMatchObject({ reason: 'dismissed' })
  })
})
