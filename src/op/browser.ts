import type { GuardedStorage } from './guarded-storage.ts'
import type { Popup } from './popup.ts'
import type { AuthFrame } from './windows.ts'

/**
 * The browser around one client: all that the client reads of it, and all that the client does to it. The real one is
 * `pageBrowser`; a test client brings its own, which needs no page.
 */
export interface Browser {
  readonly clock: BrowserClock
  readonly page: Page
  /** As the platform's. A relative URL is read against the page's. */
  readonly fetch: (input: Request | URL | string, init?: RequestInit) => Promise<Response>
  /** localStorage: shared by all tabs of this origin. */
  readonly browserStorage: GuardedStorage
  /** sessionStorage: of this tab. */
  readonly tabStorage: GuardedStorage
  /** Null where the browser has no channels, or refuses them. */
  readonly openChannel: (name: string) => Channel | null
  /** Web Locks; null where the browser has none. It may still refuse each. */
  readonly locks: Pick<LockManager, 'request' | 'query'> | null
  /** See `popup.ts`. */
  readonly openPopup: (onGone: (how: 'closed' | 'lost') => void) => Popup | null
  /** See `windows.ts`. */
  readonly openFrame: () => AuthFrame
  /** Reports what the app's own code threw, as the browser reports an error that nobody catches. */
  readonly reportError: (error: unknown) => void
}

/** This device's clock and its timers. */
export interface BrowserClock {
  /** Epoch milliseconds. */
  now(): number
  /** Milliseconds of a clock that no person sets, as `performance.now()`. */
  elapsed(): number
  /** Calls the work once, after so many milliseconds. @returns what stops it */
  setTimer(work: () => void, milliseconds: number): () => void
}

/** What happens to the page, by the names of the platform's events. `activity`: the person does something. */
export type PageEvent =
  | 'activity'
  | 'focus'
  | 'message'
  | 'online'
  | 'pageshow'
  | 'prerenderingchange'
  | 'resume'
  | 'securitypolicyviolation'
  | 'storage'
  | 'visibilitychange'

/** The page that the client runs in. */
export interface Page {
  /** Its URL now. */
  readonly href: string
  readonly origin: string
  /** `lang` of its root element. */
  readonly lang: string | undefined
  readonly isVisible: boolean
  readonly isPrerendering: boolean
  /** Whether the person has used it since it was loaded; undefined where the browser does not tell. */
  readonly hasBeenUsed: boolean | undefined
  /** Leaves it, with an entry in the history. */
  assign(url: string): void
  /** Leaves it, in place of its entry in the history. */
  replace(url: string): void
  /** Listens until the returned function is called. */
  on(type: PageEvent, listener: (event: Event) => void): () => void
}

/** What the client needs of a BroadcastChannel. */
export type Channel = Pick<BroadcastChannel, 'postMessage' | 'close' | 'onmessage'>
