import type { Clock } from '../core/tokens.ts'
import type { Browser, BrowserClock, Page, PageEvents } from '../op/browser.ts'
import { readValue, writeValue } from '../op/guarded-storage.ts'
import type { RecordStorage } from './session/browser-session.ts'

// What the browser is to this room: names in its storages, channels and locks, its events, its clock.

/** What this client calls its entries in storages, its channels and its locks. */
export interface BrowserKeys {
  /** sessionStorage: the session's tokens (`storage: 'session'`). */
  readonly tokens: string
  /** sessionStorage: the id of this tab, which is also a lock's name. */
  readonly tab: string
  /** sessionStorage: the account that this tab showed last. */
  readonly lastShown: string
  /** sessionStorage: whether this tab has asked the OP by a full-page redirect. */
  readonly askedTopLevel: string
  /** localStorage: what this browser knows of its session (`SessionRecord`). */
  readonly browserSession: string
  /** localStorage: when the person was active last. */
  readonly lastActive: string
  /** localStorage: when the person signed in, and the `auth_time` of that login. */
  readonly signedIn: string
  /** localStorage: a hash of the person whose data the app keeps. */
  readonly formerPerson: string
  /** localStorage: the remembered accounts. */
  readonly accounts: string
  /** localStorage: what a trigger compares with. */
  readonly device: string
  readonly timeZone: string
  /** Channel between tabs. */
  readonly tabsChannel: string
  /** Locks: every tab holds the first; one tab at a time holds the others. */
  readonly presenceLock: string
  readonly renewalLock: string
  readonly restoreLock: string
  readonly recoveryLock: string
  readonly stepUpLock: string
}

export function browserKeys(issuer: string, clientId: string): BrowserKeys {
  const key = (what: string): string => `afresh:${what}:${issuer} ${clientId}`
  return {
    tokens: key('session'),
    tab: `${key('session')}:tab`,
    lastShown: key('shown'),
    askedTopLevel: key('asked'),
    browserSession: key('mark'),
    lastActive: key('active'),
    signedIn: key('signed-in'),
    formerPerson: key('former'),
    accounts: key('accounts'),
    device: key('device'),
    timeZone: key('zone'),
    tabsChannel: key('tabs'),
    presenceLock: key('tab'),
    renewalLock: key('renewal'),
    restoreLock: key('restore'),
    recoveryLock: key('recovery'),
    stepUpLock: key('step-up'),
  }
}

/** Where the record of the session is: this browser's, or this tab's where it shares its session with no other. */
export function recordStorage(
  { browserStorage, tabStorage }: Browser,
  key: string,
  tabs: 'shared' | 'isolated',
): RecordStorage {
  const storage = tabs === 'isolated' ? tabStorage : browserStorage
  return { read: () => readValue(storage, key), write: record => writeValue(storage, key, record) }
}

/** The channel of the front-channel logout page, which knows no client. */
export const logoutChannel = 'afresh:logout'

/** The device's clock in epoch seconds. */
export function wallClock(clock: Pick<BrowserClock, 'now'>): Clock {
  return () => Math.floor(clock.now() / 1000)
}

/**
 * A request of the app's. As the platform's, also where there is no page that a relative URL could be read against.
 *
 * @throws {TypeError} for what is no URL
 */
export function newRequest(page: Page, input: Request | URL | string, init?: RequestInit): Request {
  return new Request(typeof input === 'string' ? new URL(input, page.baseUrl).href : input, init)
}

/**
 * Calls the listener when the page is back: visible again, shown again, thawed, or online again. Focus is none of these:
 * a popup that closes gives it back.
 */
export function onPageBack(page: Page, listener: () => void): () => void {
  const whenVisible = (): void => {
    if (page.isVisible) listener()
  }
  return stopAll([
    listenTo(page, ['visibilitychange', 'pageshow', 'online'], whenVisible),
    page.on('resume', listener),
  ])
}

/**
 * Starts when the page is shown: a page that the browser prepares beforehand (prerendering) does nothing until then.
 *
 * @param start starts; returns how to stop
 * @returns what stops it, or keeps it from starting
 */
export function whenShown(page: Page, start: () => () => void): () => void {
  if (!page.isPrerendering) return start()
  let stop = (): void => {}
  const unlisten = page.on('prerenderingchange', () => {
    unlisten()
    stop = start()
  })
  return () => {
    unlisten()
    stop()
  }
}

/** Listens to several events until the returned function is called. */
export function listenTo(page: Page, types: readonly (keyof PageEvents)[], listener: () => void): () => void {
  return stopAll(types.map(type => page.on(type, listener)))
}

/** Hears that another tab has changed an entry of localStorage, or cleared all of it. */
export function onStored(page: Page, key: string, listener: () => void): () => void {
  return page.on('storage', event => {
    if (event.key === key || event.key === null) listener()
  })
}

/** One function that calls all of these. */
export function stopAll(stops: readonly (() => void)[]): () => void {
  return () => {
    for (const stop of stops) stop()
  }
}

/**
 * Starts each, and goes on with the others when one throws, as an app's own code may.
 *
 * @returns what stops them all
 */
export function startAll(browser: Reporter, starts: readonly (() => () => void)[]): () => void {
  const stops = starts.map(start => attempt(browser, start))
  return () => {
    for (const stop of stops) if (stop) attempt(browser, stop)
  }
}

type Reporter = Pick<Browser, 'reportError'>

/** A fault is reported like any other of the page, and stops nothing of ours. */
export function attempt<T>(browser: Reporter, work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    browser.reportError(error)
    return undefined
  }
}

/** A timer for as many seconds, at most a day: a clock takes no more than 2^31 ms. @returns what stops it */
export function setTimer(clock: BrowserClock, work: () => void, seconds: number): () => void {
  return clock.setTimer(work, Math.min(seconds, 86_400) * 1000)
}

/** Does the work each time that so many seconds have gone by, until the returned function is called. */
export function repeat(clock: BrowserClock, work: () => void, seconds: number): () => void {
  let stop = (): void => {}
  const next = (): void => {
    stop = setTimer(clock, run, seconds)
  }
  const run = (): void => {
    // The work may stop it.
    next()
    work()
  }
  next()
  return () => stop()
}
