import { vi } from 'vitest'
import { currentPage, outsidePages, Page } from './day-page.ts'
import { DayStorage, refuseStorage } from './day-storage.ts'
import type { Random } from './random.ts'
import {
  type FrameVisit,
  type Leftovers,
  type PopupVisit,
  StormBrowser,
  type Weather,
} from './storm-browser.ts'
import type { Reply, StormOp } from './storm-op.ts'
import { StormChannel, StormRequest } from './storm-parts.ts'

const app = 'https://app.example'
/** Where the app calls its API. */
export const apiUrl = `${app}/api/data`

/**
 * The storm's browser with pages of their own: each has its timers, listeners, channels, frames and its tab's
 * sessionStorage, and can be frozen, kept in the back-forward cache, or closed. What fails here fails on command.
 */
export class DayBrowser extends StormBrowser {
  opIs: 'up' | 'slow' | 'refusing' | 'failing' | 'hanging' = 'up'
  /** Site data: neither storage can be used. */
  isBlocked = false
  /** The access tokens' `expires_in` and all the OP's times are by this clock, in milliseconds. */
  clockError = 0
  /** Who signs in at the OP next. */
  person = 'josh'
  /** What the person does in the next popups. */
  inPopup: PopupVisit = 'sign in'
  /** Hears of each request with an access token, as it leaves. @returns whether the API takes the token */
  onSent: (token: string, page: Page) => boolean = () => true
  /** Hears that a page leaves for this URL. */
  onLeave: (page: Page, url: URL) => void = () => {}
  /** Hears that a page stops, goes on or ends. */
  onStop: () => void = () => {}
  readonly #shared = new DayStorage(key => this.#tellOthers(key))
  readonly #pages = new Set<Page>()
  readonly #askers = new WeakMap<StormRequest, Page>()

  constructor(random: Random, op: StormOp) {
    super(random, op)
  }

  get isOpReachable(): boolean {
    return this.online && (this.opIs === 'up' || this.opIs === 'slow')
  }

  openPage(name: string, storage: object): Page {
    const page = new Page(name, storage)
    this.#pages.add(page)
    page.onStop = () => this.onStop()
    page.onEnd(() => {
      this.#pages.delete(page)
      for (const timer of page.timers) clearTimeout(timer as number)
    })
    return page
  }

  /** The clock of the computer is put right or wrong; no timer notices. */
  setClockError(milliseconds: number): void {
    vi.setSystemTime(Date.now() - this.clockError + milliseconds)
    this.clockError = milliseconds
  }

  override install(): void {
    super.install()
    this.#installTimers()
    this.#installLocks()
    const monotonicStart = Date.now()
    let asleep = 0
    this.replace(this, 'sleep', (milliseconds: number) => {
      asleep += milliseconds
      vi.setSystemTime(Date.now() + milliseconds)
    })
    this.replace(performance, 'now', () => this.now() - asleep - monotonicStart)
    this.replaceGetter(globalThis, 'localStorage', () => (this.isBlocked ? refuseStorage() : this.#shared))
    this.replaceGetter(globalThis, 'sessionStorage', () =>
      this.isBlocked ? refuseStorage() : currentPage()?.storage,
    )
    const { href, origin, hostname } = location
    const leave = (url: string): void => {
      const page = currentPage()
      if (page?.state === 'awake') outsidePages(() => this.onLeave(page, new URL(url)))
    }
    this.replace(globalThis, 'location', { href, origin, hostname, assign: leave, replace: leave })
    const { createElement } = document
    this.replace(document, 'createElement', (name: string) => {
      const element = createElement.call(document, name)
      const page = currentPage()
      if (name === 'iframe') page?.frames.add(element)
      // What a page that is gone still opens is not there.
      if (page?.state === 'gone') outsidePages(() => this.later(() => element.remove(), 0))
      return element
    })
    const open = this.channels
    const { post } = this
    this.replace(
      globalThis,
      'BroadcastChannel',
      class extends StormChannel {
        readonly #page = currentPage()

        constructor(name: string) {
          super(name, open, post)
          this.#page?.channels.add(this)
          if (this.#page?.state === 'gone') this.close()
        }

        override postMessage(data: unknown): void {
          if (currentPage()?.state !== 'gone') outsidePages(() => super.postMessage(data))
        }

        override close(): void {
          super.close()
          this.#page?.channels.delete(this)
        }

        protected override hear(data: unknown): void {
          if (this.#page) this.#page.tell(() => super.hear(data))
          else super.hear(data)
        }
      },
    )
    const send = this.fetch
    this.replace(globalThis, 'fetch', (input: string | StormRequest, init?: RequestInit) => {
      const page = currentPage()
      if (!page) return send(input, init)
      if (page.state === 'gone') return new Promise(() => {})
      const request = new StormRequest(input, init)
      this.#askers.set(request, page)
      return page.hold(outsidePages(() => send(this.#judged(request, page))))
    })
  }

  override async leftovers(): Promise<Leftovers> {
    const { listeners, ...others } = await super.leftovers()
    const own = [...this.#pages].flatMap(({ name, listeners }) =>
      [...listeners].map(([type, all]) => [`${name} ${type}`, all.size] as const),
    )
    return {
      ...others,
      listeners: { ...listeners, ...Object.fromEntries(own.filter(([, size]) => size > 0)) },
    }
  }

  /** The request, with what the API thinks of its token. */
  #judged(request: StormRequest, page: Page): StormRequest {
    const token = request.headers.get('Authorization')?.split(' ')[1]
    if (request.url !== apiUrl || token === undefined) return request
    request.headers.set('X-Taken', String(this.onSent(token, page)))
    return request
  }

  protected override answerOfApp(request: StormRequest, text: string): Reply {
    if (request.url !== apiUrl) return super.answerOfApp(request, text)
    const taken = request.headers.get('X-Taken')
    const type = 'application/json'
    if (taken === 'true') return { status: 200, type, body: '{}' }
    const error = taken === null ? '' : ' error="invalid_token"'
    return { status: 401, type, body: '{}', authenticate: `Bearer${error}` }
  }

  /** A page that has stopped or is gone hears too late; one whose clock is wrong refuses the answer. */
  protected override losesAnswer(request: StormRequest): boolean {
    return this.clockError !== 0 || this.#askers.get(request)?.state !== 'awake'
  }

  protected override weather({ url }: StormRequest): Weather {
    if (new URL(url).origin === app) return 'fine'
    return (
      { up: 'fine', slow: 'fine', refusing: 'lost on the way', failing: '500', hanging: 'no answer' } as const
    )[this.opIs]
  }

  override now(): number {
    return Date.now() - this.clockError
  }

  /** Never at once: what another tab does is known here by the record before it is told. */
  protected override messageDelay(): number {
    return this.random.chance(0.8) ? this.random.int(1, 20) : this.random.int(20, 200)
  }

  protected override secondsFor(weather: Weather, request: StormRequest): number {
    const { origin, pathname } = new URL(request.url)
    const isSlow =
      origin !== app && (this.opIs === 'slow' || (pathname === '/revoke' && this.random.chance(0.4)))
    return isSlow ? this.random.int(500, 4500) / 1000 : super.secondsFor(weather, request)
  }

  protected override popupVisit(): PopupVisit {
    return this.isOpReachable ? this.inPopup : 'close'
  }

  protected override frameVisit(): FrameVisit {
    return this.isOpReachable ? 'answer' : 'refuse'
  }

  /** A person whom the OP knows is asked only where the request says so. */
  override signInAtOp(url: string): void {
    const { searchParams: query } = new URL(url)
    const { login } = this.op
    const maxAge = Number(query.get('max_age') ?? Number.POSITIVE_INFINITY)
    const isOld = login !== null && this.now() / 1000 - login.authTime > maxAge
    if (!login || isOld || query.has('prompt')) this.op.signIn(this.person)
  }

  protected override listenersOf(key: string): Set<unknown> {
    return currentPage()?.listenersOf(key) ?? super.listenersOf(key)
  }

  /** What one page writes, the others hear of a moment later. */
  #tellOthers(key: string): void {
    const writer = currentPage()
    outsidePages(() =>
      this.later(
        () => {
          for (const page of this.#pages) {
            if (page !== writer) page.tell(() => page.fire('window', 'storage', { key }))
          }
        },
        this.random.int(1, 60),
      ),
    )
  }

  #installTimers(): void {
    for (const kind of ['Timeout', 'Interval'] as const) {
      const set = globalThis[`set${kind}`]
      const clear = globalThis[`clear${kind}`]
      this.replace(globalThis, `set${kind}`, (work: () => void, milliseconds: number) => {
        const page = currentPage()
        if (!page) return set(work, milliseconds)
        if (page.state === 'gone') return 0
        const timer = set(() => {
          if (kind === 'Timeout') page.timers.delete(timer)
          else if (page.state !== 'awake') return
          page.deliver(work, timer)
        }, milliseconds)
        page.timers.add(timer)
        return timer
      })
      this.replace(globalThis, `clear${kind}`, (timer: never) => {
        for (const page of this.#pages) page.forget(timer)
        clear(timer)
      })
    }
  }

  #installLocks(): void {
    const { locks } = this
    type Work = (lock: { name: string } | null) => unknown
    const request = (name: string, options: LockOptions, run: Work): Promise<unknown> => {
      const page = currentPage()
      if (!page) return locks.request(name, options, run)
      if (page.state === 'gone') return new Promise(() => {})
      const held: Work = lock =>
        new Promise((resolve, reject) => {
          if (page.state === 'gone') resolve(undefined)
          page.onEnd(() => resolve(undefined))
          page.deliver(() => {
            Promise.resolve(run(lock)).then(resolve, reject)
          })
        })
      return page.hold(outsidePages(() => locks.request(name, options, held)))
    }
    this.replace(navigator, 'locks', { request, query: () => locks.query() })
  }
}
