import { AsyncLocalStorage } from 'node:async_hooks'

/** How a page is. Only an awake one runs. `cached` is the back-forward cache: what is said meanwhile is lost to it. */
export type PageState = 'awake' | 'frozen' | 'cached' | 'gone'

const running = new AsyncLocalStorage<Page | null>()

/** The page whose code runs now; null for the browser and for the test. */
export const currentPage = (): Page | null => running.getStore() ?? null

/** Runs what is the browser's own, and stops with no page. */
export const outsidePages = <T>(work: () => T): T => running.run(null, work)

/** One document of a tab: what it has begun stops while it is not awake, and ends with it. */
export class Page {
  readonly name: string
  /** What the tab's sessionStorage holds. */
  readonly storage: object
  readonly listeners = new Map<string, Set<unknown>>()
  readonly timers = new Set<unknown>()
  readonly frames = new Set<Element>()
  readonly channels = new Set<{ close(): void }>()
  /** Hears that the page stops, goes on or ends. */
  onStop: () => void = () => {}
  readonly #ends = new Set<() => void>()
  #state: PageState = 'awake'
  #waiting: { readonly timer: unknown; readonly work: () => void }[] = []

  constructor(name: string, storage: object) {
    this.name = name
    this.storage = storage
  }

  get state(): PageState {
    return this.#state
  }

  run<T>(work: () => T): T {
    return running.run(this, work)
  }

  /** Runs it now, or when the page is awake again. */
  deliver(work: () => void, timer: unknown = null): void {
    if (this.#state === 'awake') this.run(work)
    else if (this.#state !== 'gone') this.#waiting.push({ timer, work })
  }

  /** Tells the page something that it does not hear in the back-forward cache. */
  tell(work: () => void): void {
    if (this.#state !== 'cached') this.deliver(work)
  }

  /** Settles as the promise does, as soon as the page is awake; never for a page that is gone. */
  hold<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      promise.then(
        value => this.deliver(() => resolve(value)),
        error => this.deliver(() => reject(error)),
      )
    })
  }

  forget(timer: unknown): void {
    this.timers.delete(timer)
    this.#waiting = this.#waiting.filter(one => one.timer !== timer)
  }

  /** Calls it when the page is gone. */
  onEnd(end: () => void): void {
    this.#ends.add(end)
  }

  stop(how: 'frozen' | 'cached'): void {
    if (this.#state !== 'awake') return
    this.#state = how
    this.onStop()
  }

  /** Awake again: what waited runs now. @param first what comes before that */
  wake(first: () => void = () => {}): void {
    if (this.#state === 'gone') return
    this.#state = 'awake'
    this.onStop()
    first()
    for (const { work } of this.#waiting.splice(0)) this.run(work)
  }

  /** The document is gone, with all that it had begun. */
  end(): void {
    this.#state = 'gone'
    this.#waiting = []
    for (const frame of this.frames) frame.remove()
    for (const channel of this.channels) channel.close()
    for (const end of this.#ends) end()
    this.onStop()
  }

  listenersOf(key: string): Set<unknown> {
    const all = this.listeners.get(key) ?? new Set()
    this.listeners.set(key, all)
    return all
  }

  /** Fires an event at the page's own listeners. */
  fire(target: 'window' | 'document', type: string, more: object = {}): void {
    for (const listener of [...this.listenersOf(`${target} ${type}`)]) {
      this.run(() => (listener as (event: Event) => void)(Object.assign(new Event(type), more)))
    }
  }
}
