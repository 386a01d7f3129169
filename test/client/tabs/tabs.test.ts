// @vitest-environment jsdom

import { beforeEach, describe, expect, it, vi } from 'vitest'
import { browserKeys } from '../../../src/client/browser.ts'
import { createHearsay } from '../../../src/client/tabs/hearsay.ts'
import type { TabNews } from '../../../src/client/tabs/tab-messages.ts'
import { shareTabs, type Tabs } from '../../../src/client/tabs/tabs.ts'
import type { SessionTokens } from '../../../src/core/tokens.ts'
import type { Browser } from '../../../src/op/browser.ts'
import { pageBrowser } from '../../../src/op/page-browser.ts'
import { newLocks } from '../../support/locks.ts'

const keys = browserKeys('https://op.example', 'payments')

function tokensOf(sub: string): SessionTokens {
  const claims = { iss: 'https://op.example', sub, aud: 'payments', exp: 2, iat: 1 }
  return {
    account: { iss: claims.iss, sub },
    claims,
    accessToken: `at-${sub}`,
    accessTokenExpiresAt: null,
    tokenType: 'Bearer',
    idToken: 'it',
    epoch: 1,
    serial: 1,
  }
}

/** A tab that has this session. What the other tabs send is trusted here. */
function openTab(
  current: SessionTokens | null,
  news: TabNews[] = [],
  disposed: AbortSignal = new AbortController().signal,
): Tabs {
  const tabs = shareTabs(
    browser,
    keys,
    tokens => tokens as SessionTokens | null,
    () => ({ tokens: current, none: false }),
    one => news.push(one),
    disposed,
  )
  stops.push(tabs.listen())
  return tabs
}

const stops: (() => void)[] = []
let browser: Browser
beforeEach(() => {
  browser = { ...pageBrowser, locks: newLocks() }
  return () => {
    for (const stop of stops.splice(0)) stop()
    vi.useRealTimers()
  }
})

const josh = tokensOf('josh')
const jane = tokensOf('jane')

describe('asking the other tabs', () => {
  it('gives the first session that will do', async () => {
    openTab(josh)
    openTab(jane)
    expect(await openTab(null).ask(({ account }) => account.sub === 'jane')).toEqual(jane)
  })

  it('gives null as soon as every tab has answered with none that will do', async () => {
    openTab(josh)
    openTab(null)
    // The time limit cannot end it.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    expect(await openTab(null).ask(() => false)).toBeNull()
  })

  it('twice at once gives each question its own answer', async () => {
    openTab(josh)
    const tab = openTab(null)
    const asked = [tab.ask(() => true), tab.ask(() => false), tab.ask(() => true)]
    expect(await Promise.all(asked)).toEqual([josh, null, josh])
  })

  it('waits for every tab, also while another question of the same tab is answered', async () => {
    const slow = new BroadcastChannel(keys.tabsChannel)
    stops.push(() => slow.close())
    // A tab of another version is asleep; its answers name no question.
    const present = new AbortController()
    stops.push(() => present.abort())
    const gone = new Promise<void>(resolve => present.signal.addEventListener('abort', () => resolve()))
    void browser.locks?.request(keys.presenceLock, { mode: 'shared' }, () => gone)
    const questions = new Promise<void>(resolve => {
      let heard = 0
      slow.onmessage = ({ data }) => {
        if (data.type === 'answer' && ++heard === 2) resolve()
      }
    })
    openTab(josh)
    const tab = openTab(null)
    const asked = [
      tab.ask(({ account }) => account.sub === 'jane'),
      tab.ask(({ account }) => account.sub === 'jane'),
    ]
    await questions
    slow.postMessage({ type: 'answer', tokens: jane })
    expect(await Promise.all(asked)).toEqual([jane, jane])
  })
})

it('a tab whose client is disposed of hears nothing and does not count, though somebody still listens', async () => {
  const disposal = new AbortController()
  const [heard, unheard]: TabNews[][] = [[], []]
  openTab(josh, unheard, disposal.signal)
  openTab(null, heard)
  disposal.abort()
  const tab = openTab(null)
  tab.send({ type: 'none' })
  await vi.waitFor(() => expect(heard).toEqual([{ type: 'none' }]))
  expect(unheard).toEqual([])
  expect(await tab.ask(() => true)).toBeNull()
})

describe('what the OP has just told one tab', () => {
  it('is part of its answer, so that a tab that is loaded at the same time need not ask', async () => {
    const told = shareTabs(
      browser,
      keys,
      () => null,
      () => ({ tokens: null, none: true }),
      () => {},
      new AbortController().signal,
    )
    stops.push(told.listen())
    const news: TabNews[] = []
    await openTab(null, news).ask(() => true)
    expect(news).toEqual([{ type: 'none' }])
  })

  it('counts for the tab that asked it, for five seconds, and no more once a session begins', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const hearsay = createHearsay(pageBrowser.clock)
    expect(hearsay.isNoneNow).toBe(false)
    hearsay.learnNone()
    vi.advanceTimersByTime(4999)
    expect(hearsay.isNoneNow).toBe(true)
    vi.advanceTimersByTime(1)
    expect(hearsay.isNoneNow).toBe(false)
    hearsay.learnNone()
    hearsay.hear({ type: 'session', tokens: josh })
    expect([hearsay.isNoneNow, hearsay.isNoneSince(0)]).toEqual([false, false])
    hearsay.hear({ type: 'none' })
    expect([hearsay.isNoneNow, hearsay.isNoneSince(0)]).toEqual([false, true])
  })

  it('is waited for while it is away at the OP, for twenty seconds at most', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const hearsay = createHearsay(pageBrowser.clock)
    expect(hearsay.isAway).toBe(false)
    hearsay.hear({ type: 'leaving' })
    vi.advanceTimersByTime(19_999)
    expect(hearsay.isAway).toBe(true)
    vi.advanceTimersByTime(1)
    expect(hearsay.isAway).toBe(false)
    hearsay.hear({ type: 'leaving' })
    hearsay.hear({ type: 'none' })
    expect(hearsay.isAway).toBe(false)
  })
})
