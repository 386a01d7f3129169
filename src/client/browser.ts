import type { Clock } from '../core/tokens.ts'
import { browserStorage, tabStorage } from '../op/guarded-storage.ts'
import type { RecordStorage } from './session/browser-session.ts'

export { browserStorage, tabStorage } from '../op/guarded-storage.ts'

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
export function recordStorage(key: string, tabs: 'shared' | 'isolated'): RecordStorage {
  if (tabs === 'isolated')
    return { read: () => tabStorage.read(key), write: record => tabStorage.write(key, record) }
  return {
    read: () => parseJson(browserStorage.read(key)),
    write: record => browserStorage.write(key, JSON.stringify(record)),
  }
}

/** Null for what is not JSON, as another script may have left it. */
export function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}

/** The channel of the front-channel logout page, which knows no client. */
export const logoutChannel = 'afresh:logout'

export const wallClock: Clock = () => Math.floor(Date.now() / 1000)

/**
 * Calls the listener when the page is back: visible again, shown again, thawed, or online again. Focus is none of these:
 * a popup that closes gives it back.
 */
export function onPageBack(listener: () => void): () => void {
  const whenVisible = (): void => {
    if (document.visibilityState === 'visible') listener()
  }
  const stops = [
    listenTo(document, ['visibilitychange'], whenVisible),
    listenTo(document, ['resume'], listener),
    listenTo(window, ['pageshow', 'online'], whenVisible),
  ]
  return stopAll(stops)
}

/**
 * Starts when the page is shown: a page that the browser prepares beforehand (prerendering) does nothing until then.
 *
 * @param start starts; returns how to stop
 * @returns what stops it, or keeps it from starting
 */
export function whenShown(start: () => () => void): () => void {
  const page = document as Document & { readonly prerendering?: boolean }
  if (page.prerendering !== true) return start()
  let stop = (): void => {}
  const unlisten = listenTo(page, ['prerenderingchange'], () => {
    unlisten()
    stop = start()
  })
  return () => {
    unlisten()
    stop()
  }
}

/** One function that calls all of these. */
export function stopAll(stops: readonly (() => void)[]): () => void {
  return () => {
    for (const stop of stops) stop()
  }
}

/** Calls the listener when the person does something. */
export function onActivity(listener: () => void): () => void {
  return listenTo(window, ['pointerdown', 'keydown', 'wheel', 'touchstart'], listener)
}

/**
 * Starts each, and goes on with the others when one throws, as an app's own code may.
 *
 * @returns what stops them all
 */
export function startAll(starts: readonly (() => () => void)[]): () => void {
  const stops = starts.map(start => attempt(start))
  return () => {
    for (const stop of stops) if (stop) attempt(stop)
  }
}

/** A fault is reported like any other of the page, and stops nothing of ours. */
export function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    reportError(error)
    return undefined
  }
}

/** Listens until the returned function is called. */
export function listenTo(
  target: EventTarget,
  types: readonly string[],
  listener: (event: Event) => void,
): () => void {
  for (const type of types) target.addEventListener(type, listener, { passive: true })
  return () => {
    for (const type of types) target.removeEventListener(type, listener)
  }
}

/** A timer for as many seconds, at most a day: `setTimeout` takes no more than 2^31 ms. */
export function setTimer(work: () => void, seconds: number): ReturnType<typeof setTimeout> {
  return setTimeout(work, Math.min(seconds, 86_400) * 1000)
}
