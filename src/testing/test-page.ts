import type { Page, PageEvents } from '../op/browser.ts'

/** A page without a window. Nothing happens to it by itself. */
export interface TestPage extends Page {
  /** Where it has left for; null while it is there. */
  readonly left: string | null
  /** Whether it is gone: nothing happens in it any more. */
  readonly isGone: boolean
  goAway(): void
  /** It goes on although it has left, as if it had come back. */
  goOn(): void
  /** Something happens to it. */
  emit<Type extends keyof PageEvents>(type: Type, event: PageEvents[Type]): void
  /** It is shown, after it was only prepared. */
  show(): void
}

/** The page's URL where there is no window, as in Node. */
const ownUrl = 'http://localhost:3000/'

/**
 * @param isPrerendering whether it is only prepared at first, until `show`
 * @param onLeave hears where it leaves for
 */
export function createTestPage(isPrerendering: boolean, onLeave: (url: string) => void): TestPage {
  const listeners = new Map<keyof PageEvents, Set<(event: never) => void>>()
  let isPrepared = isPrerendering
  let left: string | null = null
  let isGone = false
  const leave = (url: string): void => {
    left = url
    isGone = true
    onLeave(url)
  }
  const emit: TestPage['emit'] = (type, event) => {
    if (isGone) return
    // One listener may take another away.
    for (const listener of [...(listeners.get(type) ?? [])]) listener(event as never)
  }
  return {
    get href() {
      return urlHere()
    },
    get origin() {
      return new URL(urlHere()).origin
    },
    get baseUrl() {
      return urlHere()
    },
    lang: undefined,
    isVisible: true,
    hasBeenUsed: false,
    isBeingUsed: true,
    isInstalled: false,
    userAgent: '',
    device: 'test',
    connection: undefined,
    ancestors: [],
    isIsolated: false,
    get isPrerendering() {
      return isPrepared
    },
    assign: leave,
    replace: leave,
    on: (type, listener) => {
      const all = listeners.get(type) ?? new Set()
      listeners.set(type, all.add(listener))
      return () => void all.delete(listener)
    },
    get left() {
      return left
    },
    get isGone() {
      return isGone
    },
    goAway: () => {
      isGone = true
    },
    goOn: () => {
      isGone = false
    },
    emit,
    show: () => {
      isPrepared = false
      emit('prerenderingchange', null)
    },
  }
}

/** That of the window which the test runs in, as an app's router moves it, if that has one of the web. */
function urlHere(): string {
  const href = globalThis.location?.href
  return href?.startsWith('http') ? href : ownUrl
}
