import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLane, type Lane } from '../../../src/server/access-token/work-lane.ts'

let begun: string[]
let finish: Map<string, (error?: Error) => void>
let outcomes: Record<string, string>
let lane: Lane

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  begun = []
  finish = new Map()
  outcomes = {}
  lane = createLane({ width: 2, maxWaiting: 2, waitTimeout: 1_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** Brings work of these names, and lets what can happen at once happen. */
async function bring(...names: string[]): Promise<void> {
  for (const name of names) {
    const work = (): Promise<void> => {
      begun.push(name)
      return new Promise((resolve, reject) => {
        finish.set(name, error => (error ? reject(error) : resolve()))
      })
    }
    lane(work).then(
      () => {
        outcomes[name] = 'done'
      },
      error => {
        outcomes[name] = error.code ?? error.message
      },
    )
  }
  await settled()
}

async function end(name: string, error?: Error): Promise<void> {
  finish.get(name)?.(error)
  await settled()
}

describe('a lane', () => {
  it('begins work while there is room, and the rest in the order in which it came', async () => {
    await bring('a', 'b', 'c', 'd')
    expect(begun).toEqual(['a', 'b'])
    await end('b')
    expect(begun).toEqual(['a', 'b', 'c'])
    await end('a')
    await end('c')
    expect(begun).toEqual(['a', 'b', 'c', 'd'])
    await end('d')
    expect(outcomes).toEqual({ a: 'done', b: 'done', c: 'done', d: 'done' })
  })

  it('hands a place on, so that it is not free for a newcomer as well', async () => {
    await bring('a', 'b', 'c')
    await end('a')
    await bring('d')
    expect(begun).toEqual(['a', 'b', 'c'])
  })

  it('refuses at once what can neither begin nor wait', async () => {
    await bring('a', 'b', 'c', 'd', 'e')
    expect(outcomes).toEqual({ e: 'temporarily_unavailable' })
  })

  it('frees the place of work that failed', async () => {
    await bring('a', 'b', 'c')
    await end('a', new Error('failed'))
    expect(begun).toEqual(['a', 'b', 'c'])
    expect(outcomes).toEqual({ a: 'failed' })
  })

  it('refuses what has waited too long, and begins it no more', async () => {
    await bring('a', 'b', 'c')
    vi.advanceTimersByTime(500)
    await bring('d')
    vi.advanceTimersByTime(499)
    await settled()
    expect(outcomes).toEqual({})
    vi.advanceTimersByTime(1)
    await settled()
    expect(outcomes).toEqual({ c: 'temporarily_unavailable' })
    await end('a')
    expect(begun).toEqual(['a', 'b', 'd'])
  })

  it('has its full width again after all work is done or refused', async () => {
    await bring('a', 'b', 'c')
    vi.advanceTimersByTime(1_000)
    await end('a')
    await end('b')
    await bring('d', 'e', 'f')
    expect(begun).toEqual(['a', 'b', 'd', 'e'])
  })

  it('sets no time for work that has begun, and leaves no timer behind', async () => {
    await bring('a', 'b', 'c')
    await end('b')
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(60_000)
    await end('a')
    await end('c')
    expect(outcomes).toEqual({ a: 'done', b: 'done', c: 'done' })
  })
})
