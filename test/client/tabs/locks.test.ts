import { beforeEach, describe, expect, it, vi } from 'vitest'
import { countHolders, holdShared, inOneTab, underLock } from '../../../src/client/tabs/locks.ts'
import type { Browser, Locks } from '../../../src/op/browser.ts'
import { pageBrowser } from '../../../src/op/page-browser.ts'
import { newLocks } from '../../support/locks.ts'

const forever = new Promise<never>(() => {})

let browser: Browser

function useLocks(locks: Locks | null): void {
  browser = { ...pageBrowser, locks }
}

beforeEach(() => {
  useLocks(newLocks())
  return () => void vi.useRealTimers()
})

describe('work under a lock', () => {
  it('runs one after the other, also when one fails', async () => {
    const seen: string[] = []
    const work = (name: string, error?: Error) => async (): Promise<string> => {
      seen.push(`${name} begins`)
      await Promise.resolve()
      seen.push(`${name} ends`)
      if (error) throw error
      return name
    }
    const fault = new Error('no')
    const all = [
      underLock(browser, 'l', 9, work('a')),
      underLock(browser, 'l', 9, work('b', fault)),
      underLock(browser, 'l', 9, work('c')),
    ]
    const outcomes = await Promise.allSettled(all)
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
    expect(outcomes).toMatchObject([{ value: 'a' }, { reason: fault }, { value: 'c' }])
  })

  it('goes on when a tab that has stopped does not give the lock back, one after the other', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    void underLock(browser, 'l', 7, () => forever)
    let running = 0
    let most = 0
    const work = async (): Promise<void> => {
      most = Math.max(most, ++running)
      for (let turn = 0; turn < 20; turn++) await Promise.resolve()
      running--
    }
    const waiting = Promise.all([
      underLock(browser, 'l', 7, work),
      underLock(browser, 'l', 7, work),
      underLock(browser, 'l', 7, work),
    ])
    await vi.advanceTimersByTimeAsync(6999)
    expect(most).toBe(0)
    await vi.advanceTimersByTimeAsync(1)
    await waiting
    expect(most).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('gives its outcome also when its lock is taken away', async () => {
    let end = (_: string): void => {}
    const held = underLock(browser, 'l', 7, () => new Promise<string>(resolve => (end = resolve)))
    await browser.locks?.request('l', { steal: true }, () => {})
    end('done')
    expect(await held).toBe('done')
  })
})

/** Each is a browser that has no Web Locks to give. */
const refusals: readonly [string, Locks | null][] = [
  ['has none', null],
  ['throws', { request: refuse, query: refuse }],
  ['rejects', { request: async () => refuse(), query: async () => refuse() }],
]

describe.each(refusals)('in a browser that %s', (_, locks) => {
  beforeEach(() => useLocks(locks))

  it('work runs all the same, and once', async () => {
    const work = vi.fn(async () => 'done')
    expect(await underLock(browser, 'l', 7, work)).toBe('done')
    expect(work).toHaveBeenCalledTimes(1)
  })

  it('what one tab does is done by each', async () => {
    const work = vi.fn(async () => {})
    await inOneTab(browser, 'l', new AbortController().signal, work)
    expect(work).toHaveBeenCalledTimes(1)
  })

  it('no tab is counted, and holding a lock throws nothing', async () => {
    const release = holdShared(browser, 'l')
    expect(await countHolders(browser, 'l')).toBe(0)
    release()
  })
})

function refuse(): never {
  throw new DOMException('The browser blocks site data', 'SecurityError')
}
