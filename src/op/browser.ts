import type { GuardedStorage } from './guarded-storage.ts'
import type { Popup } from './popup.ts'
import type { AuthFrame } from './windows.ts'

/**
 * The browser around one client: all that the client reads of it, and all that the client does to it. The real one is
 * `pageBrowser`; a test client brings its own, which needs no page. Clients with the same object are in the same page.
 */
export interface Browser {
  readonly clock: BrowserClock
  readonly page: Page
  /** As the platform's. A relative URL is read against `page.baseUrl`. */
  readonly fetch: (input: Request | URL | string, init?: RequestInit) => Promise<Response>
  /** localStorage: shared by all tabs of this origin, and kept when the browser is closed. */
  readonly browserStorage: GuardedStorage
  /** sessionStorage: this tab's, over reloads. A duplicated tab starts with a copy. */
  readonly tabStorage: GuardedStorage
  /** Null where the browser has no channels, or refuses them with the rest of the site's data. */
  readonly openChannel: (name: string) => Channel | null
  /** Web Locks; null where the browser has none. It may still refuse each. */
  readonly locks: Locks | null
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
  /** Calls the work once, after so many milliseconds, at most 2^31. @returns what stops it */
  setTimer(work: () => void, milliseconds: number): () => void
}

/** What happens to the page, by the names of the platform's events, and what of each event is read. */
export interface PageEvents {
  /** The person does something: a pointer, a key, a wheel, a touch. */
  readonly activity: unknown
  /** The connection to the network is another one. */
  readonly connectionchange: unknown
  readonly focus: unknown
  readonly message: { readonly data: unknown; readonly origin: string; readonly source: unknown }
  readonly online: unknown
  readonly pageshow: { readonly persisted: boolean }
  readonly prerenderingchange: unknown
  readonly resume: unknown
  readonly securitypolicyviolation: Readonly<
    Record<'blockedURI' | 'disposition' | 'effectiveDirective', string>
  >
  /** Another tab has changed localStorage. A null key: all of it. */
  readonly storage: { readonly key: string | null }
  readonly visibilitychange: unknown
}

/** The page that the client runs in, as it is now. */
export interface Page {
  readonly href: string
  readonly origin: string
  /** What relative URLs are read against. */
  readonly baseUrl: string
  /** `lang` of its root element. */
  readonly lang: string | undefined
  readonly isVisible: boolean
  readonly isPrerendering: boolean
  /** Whether the person has used it since it was loaded; undefined where the browser does not tell. */
  readonly hasBeenUsed: boolean | undefined
  /** Whether the person has just clicked or typed. Where the browser does not tell, they may have: true. */
  readonly isBeingUsed: boolean
  /** Whether it is in a window of its own, as an app that the person has installed. */
  readonly isInstalled: boolean
  readonly userAgent: string
  /** What tells the device from another. An update of the browser, or turning the screen, changes nothing of it. */
  readonly device: string
  /** The kind of connection to the network, such as `wifi`; undefined where the browser does not tell. */
  readonly connection: string | undefined
  /** The origins of the pages that frame it, as far as the browser tells. */
  readonly ancestors: readonly string[]
  /** `crossOriginIsolated` */
  readonly isIsolated: boolean
  /** Leaves it, with an entry in the history. */
  assign(url: string): void
  /** Leaves it, in place of its entry in the history. */
  replace(url: string): void
  /** Listens until the returned function is called. */
  on<Type extends keyof PageEvents>(type: Type, listener: (event: PageEvents[Type]) => void): () => void
}

/** What the client needs of a BroadcastChannel. */
export type Channel = Pick<BroadcastChannel, 'postMessage' | 'close' | 'onmessage'>

/** What the client needs of Web Locks. */
export interface Locks {
  request(
    name: string,
    options: LockOptions,
    work: (lock: { readonly name: string } | null) => unknown,
  ): Promise<unknown>
  query(): Promise<{ readonly held?: readonly { readonly name?: string }[] }>
}
