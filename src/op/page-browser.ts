import type { Browser, BrowserClock, Locks, Page, PageEvents } from './browser.ts'
import { guardedStorage } from './guarded-storage.ts'
import { openPopup } from './popup.ts'
import { openFrame } from './windows.ts'

// Everything is looked up when it is used: on a server there is none of it, and a test may replace it at any time.

const clock: BrowserClock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  setTimer: (work, milliseconds) => {
    const timer = setTimeout(work, milliseconds)
    return () => clearTimeout(timer)
  },
}

const page: Page = {
  get href() {
    return location.href
  },
  get origin() {
    return location.origin
  },
  get baseUrl() {
    return document.baseURI
  },
  get lang() {
    return document.documentElement.lang || undefined
  },
  get isVisible() {
    return document.visibilityState === 'visible'
  },
  get isPrerendering() {
    return 'prerendering' in document && document.prerendering === true
  },
  get hasBeenUsed() {
    return activation()?.hasBeenActive
  },
  get isBeingUsed() {
    return activation()?.isActive ?? true
  },
  get isInstalled() {
    return isInstalled()
  },
  get userAgent() {
    return navigator.userAgent
  },
  get device() {
    return describeDevice()
  },
  get connection() {
    return connection()?.type
  },
  get ancestors() {
    // Firefox does not tell who frames a page.
    return [...(location.ancestorOrigins ?? [])]
  },
  get isIsolated() {
    return globalThis.crossOriginIsolated === true
  },
  assign: url => location.assign(url),
  replace: url => location.replace(url),
  on: (type, listener) => {
    const { target, types = [type] } = sources[type]()
    // By its type each event has what `PageEvents` says.
    const hear = listener as (event: unknown) => void
    for (const one of types) target?.addEventListener(one, hear, { passive: true })
    return () => {
      for (const one of types) target?.removeEventListener(one, hear)
    }
  },
}

/** The browser of the page that this script runs in. */
export const pageBrowser: Browser = {
  clock,
  page,
  fetch: (input, init) => fetch(input, init),
  browserStorage: guardedStorage(() => localStorage),
  tabStorage: guardedStorage(() => sessionStorage),
  openChannel: name => {
    try {
      return new BroadcastChannel(name)
    } catch {
      return null
    }
  },
  get locks(): Locks | null {
    try {
      return navigator.locks ?? null
    } catch {
      return null
    }
  },
  openPopup,
  openFrame,
  reportError: error => reportError(error),
}

interface Source {
  readonly target: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> | undefined
  /** Default: the one of the same name. */
  readonly types?: readonly string[]
}

const ofDocument = (): Source => ({ target: document })
const ofWindow = (): Source => ({ target: window })

/** Where each event comes from. */
const sources: Readonly<Record<keyof PageEvents, () => Source>> = {
  activity: () => ({ target: window, types: ['pointerdown', 'keydown', 'wheel', 'touchstart'] }),
  connectionchange: () => ({ target: connection(), types: ['change'] }),
  focus: ofWindow,
  message: ofWindow,
  online: ofWindow,
  pageshow: ofWindow,
  prerenderingchange: ofDocument,
  resume: ofDocument,
  securitypolicyviolation: ofDocument,
  storage: ofWindow,
  visibilitychange: ofDocument,
}

// Not every browser has these, whatever the types say.

function activation(): UserActivation | undefined {
  const { userActivation } = navigator as { readonly userActivation?: UserActivation }
  return userActivation
}

function connection(): (EventTarget & { readonly type?: string }) | undefined {
  return (navigator as { readonly connection?: EventTarget & { readonly type?: string } }).connection
}

/** Display modes that only an installed app has. A page in `fullscreen` may be an ordinary tab. */
const installedModes = ['standalone', 'minimal-ui', 'window-controls-overlay']

function isInstalled(): boolean {
  // Apple's own word for it, in browsers that knew no display mode.
  if ('standalone' in navigator && navigator.standalone === true) return true
  return installedModes.some(mode => globalThis.matchMedia?.(`(display-mode: ${mode})`).matches)
}

function describeDevice(): string {
  const { userAgent, maxTouchPoints, hardwareConcurrency } = navigator
  const sides = [screen.width, screen.height].sort((a, b) => a - b)
  return [userAgent.replace(/[\d._]+/g, ''), maxTouchPoints, hardwareConcurrency, ...sides].join(' ')
}
