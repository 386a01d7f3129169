import { createHash } from 'node:crypto'
import { getEventListeners } from 'node:events'
import { vi } from 'vitest'
import { newLocks } from './locks.ts'
import type { Random } from './random.ts'
import type { Reply, StormOp } from './storm-op.ts'
import { type Post, response, StormChannel, StormPopup, StormRequest, turn } from './storm-parts.ts'

/** What is open, held or waiting in a browser. */
export interface Leftovers {
  readonly timers: number
  readonly windows: number
  readonly frames: number
  readonly channels: readonly string[]
  readonly locks: readonly string[]
  /** On `window` and `document`, by type. */
  readonly listeners: Readonly<Record<string, number>>
  /** Of the signal that has most. */
  readonly signalListeners: number
}

/** What becomes of a request. */
export type Weather =
  | 'fine'
  | 'slow'
  | 'lost on the way'
  | 'answer lost'
  | 'no answer'
  | 'half an answer'
  | '500'
  | 'HTML'

/** What a person does in a popup at the OP. */
export type PopupVisit = 'sign in' | 'refuse' | 'close' | 'leave' | 'sever' | 'go astray'

/** What the OP does in a hidden frame. */
export type FrameVisit = 'answer' | 'answer late' | 'refuse' | 'fail' | 'go astray'

const html: Reply = { status: 200, type: 'text/html', body: '<!doctype html><title>Wi-Fi</title>' }
const failure: Reply = { status: 500, type: 'application/json', body: '{"message":"Oops"}' }
const nodeEventTarget = Object.getPrototypeOf(AbortSignal.prototype)

/**
 * The browser around pages under test, all of it in one process and by one manual clock, so that a seed repeats what
 * happens: network, windows, frames, channels, locks. In a storm they fail as they do in life; in a calm nothing
 * fails. It counts what is left open. `windows.ts` runs unchanged: what it opens is made here.
 */
export class StormBrowser {
  readonly op: StormOp
  calm = false
  online = true
  /** What the tabs of this app went to by a full-page redirect, newest last. */
  readonly departures: URL[] = []
  /** What went wrong where nobody could catch it. */
  readonly unhandled: unknown[] = []
  protected readonly random: Random
  protected readonly locks = newLocks()
  /** Requests under way. */
  readonly #flights = new Set<{ isLost: boolean }>()
  protected readonly channels = new Set<StormChannel>()
  readonly #popups = new Set<StormPopup>()
  readonly #listeners = new Map<string, Set<unknown>>()
  #signals = new Set<WeakRef<AbortSignal>>()
  #uninstall: (() => void)[] = []
  /** Counts the timers that have fired: what happens between two of them happens at once. */
  turns = 0
  /** A timer of the browser's own, which stops with no page. */
  protected later: typeof setTimeout = setTimeout

  constructor(random: Random, op: StormOp) {
    this.random = random
    this.op = op
  }

  install(): void {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
      now: 1_800_000_000_000,
    })
    this.later = setTimeout
    vi.stubGlobal('location', {
      href: 'https://app.example/payments',
      origin: 'https://app.example',
      hostname: 'app.example',
      assign: (url: string) => void this.departures.push(new URL(url)),
    })
    vi.stubGlobal('Request', StormRequest)
    vi.stubGlobal('fetch', this.fetch)
    vi.stubGlobal('open', () => this.openPopup())
    const browser = this
    vi.stubGlobal(
      'BroadcastChannel',
      class extends StormChannel {
        constructor(name: string) {
          super(name, browser.channels, browser.post)
        }
      },
    )
    vi.stubGlobal('addEventListener', this.#listen('window'))
    vi.stubGlobal('removeEventListener', this.#unlisten('window'))
    this.replace(document, 'addEventListener', this.#listen('document'))
    this.replace(document, 'removeEventListener', this.#unlisten('document'))
    this.replace(navigator, 'locks', this.locks)
    this.replace(Math, 'random', this.random.next)
    this.replace(crypto.subtle, 'digest', async (_: string, data: Uint8Array) => {
      return new Uint8Array(createHash('sha256').update(data).digest()).buffer
    })
    // The browser's own timers are not on the manual clock.
    this.replace(AbortSignal, 'timeout', (milliseconds: number) => {
      const controller = new AbortController()
      const reason = new DOMException('The operation timed out', 'TimeoutError')
      setTimeout(() => controller.abort(reason), milliseconds)
      return controller.signal
    })
    const { createElement } = document
    this.replace(document, 'createElement', (name: string) => {
      const element = createElement.call(document, name === 'iframe' ? 'div' : name)
      const replace = (url: string): void => this.#visitInFrame(element, url)
      if (name === 'iframe') Object.assign(element, { contentWindow: { location: { replace } } })
      return element
    })
    const { addEventListener } = nodeEventTarget
    const signals = (): Set<WeakRef<AbortSignal>> => this.#signals
    this.replace(nodeEventTarget, 'addEventListener', function (this: EventTarget, ...args: unknown[]) {
      if (this instanceof AbortSignal) signals().add(new WeakRef(this))
      return addEventListener.apply(this, args)
    })
    const hear = (reason: unknown): void => void this.unhandled.push(reason)
    process.on('unhandledRejection', hear)
    this.#uninstall.push(() => process.off('unhandledRejection', hear))
  }

  uninstall(): void {
    for (const undo of this.#uninstall.reverse()) undo()
    this.#uninstall = []
    vi.unstubAllGlobals()
    vi.useRealTimers()
  }

  /** Lets time pass, one timer after the other, and all that follows from each. */
  async advance(milliseconds: number): Promise<void> {
    let isOver = false
    setTimeout(() => {
      isOver = true
    }, milliseconds)
    await turn()
    while (!isOver) {
      this.turns++
      vi.advanceTimersToNextTimer()
      await turn()
    }
  }

  /** The clock goes on, the timers do not: the lid is closed. */
  sleep(milliseconds: number): void {
    vi.setSystemTime(Date.now() + milliseconds)
    this.fire('document', 'visibilitychange')
    this.fire('window', 'focus')
  }

  /** A page goes away, and whatever it waits for comes to nobody. */
  loseAnswers(): void {
    for (const flight of this.#flights) flight.isLost = true
  }

  fire(target: 'window' | 'document', type: string): void {
    for (const listener of [...this.listenersOf(`${target} ${type}`)]) {
      ;(listener as (event: Event) => void)(new Event(type))
    }
  }

  async leftovers(): Promise<Leftovers> {
    const { held = [] } = await this.locks.query()
    const signals = [...this.#signals].map(ref => ref.deref()).filter(signal => signal?.aborted === false)
    this.#signals = new Set(signals.map(signal => new WeakRef(signal as AbortSignal)))
    return {
      timers: vi.getTimerCount(),
      windows: [...this.#popups].filter(popup => !popup.closed).length,
      frames: document.body.childElementCount,
      channels: [...this.channels].map(({ name }) => name).sort(),
      locks: held.map(({ name = '' }) => name).sort(),
      listeners: Object.fromEntries(
        [...this.#listeners].map(([type, all]) => [type, all.size] as const).filter(([, size]) => size > 0),
      ),
      signalListeners: Math.max(
        0,
        ...signals.map(signal => getEventListeners(signal as never, 'abort').length),
      ),
    }
  }

  protected replace(target: object, name: string, value: unknown): void {
    const own = Object.getOwnPropertyDescriptor(target, name)
    Object.defineProperty(target, name, { value, configurable: true, writable: true })
    this.#uninstall.push(() => {
      if (own) Object.defineProperty(target, name, own)
      else delete (target as Record<string, unknown>)[name]
    })
  }

  /** Who listens, by target and type. */
  protected listenersOf(key: string): Set<unknown> {
    const all = this.#listeners.get(key) ?? new Set()
    this.#listeners.set(key, all)
    return all
  }

  protected replaceGetter(target: object, name: string, get: () => unknown): void {
    this.replace(target, name, undefined)
    Object.defineProperty(target, name, { get, configurable: true })
  }

  #listen(target: string) {
    return (type: string, listener: (event: Event) => void, options?: { once?: boolean } | boolean): void => {
      const all = this.listenersOf(`${target} ${type}`)
      const once = typeof options === 'object' && options.once === true
      if (!once) {
        all.add(listener)
        return
      }
      const fired = (event: Event): void => {
        all.delete(fired)
        listener(event)
      }
      all.add(fired)
    }
  }

  #unlisten(target: string) {
    return (type: string, listener: unknown): void =>
      void this.listenersOf(`${target} ${type}`).delete(listener)
  }

  /** Messages keep their order, and a tab in the background takes its time. */
  protected readonly post: Post = (from, name, data) => {
    for (const to of this.channels) {
      if (to === from || to.name !== name) continue
      to.receive(structuredClone(data), this.messageDelay(), this.now())
    }
  }

  /** The time, in milliseconds, whatever the computer's clock says. */
  now(): number {
    return Date.now()
  }

  /** Milliseconds that the next message takes. */
  protected messageDelay(): number {
    return !this.calm && this.random.chance(0.15) ? this.random.int(1, 200) : 0
  }

  protected readonly fetch = async (
    input: string | StormRequest,
    init: RequestInit = {},
  ): Promise<unknown> => {
    const request = input instanceof StormRequest ? input : new StormRequest(input, init)
    const { pathname, origin } = new URL(request.url)
    const text = await request.text()
    const weather = this.weather(request)
    const seconds = this.secondsFor(weather, request)
    const flight = { isLost: false }
    this.#flights.add(flight)
    const answer = (isLost: boolean): Reply =>
      origin === this.op.issuer
        ? this.op.answer(
            pathname,
            new URLSearchParams(text),
            isLost || flight.isLost || this.losesAnswer(request),
          )
        : this.answerOfApp(request, text)
    return new Promise((resolve, reject) => {
      const { signal } = request
      const failed = (): void => reject(new TypeError('Failed to fetch'))
      const abort = (): void => {
        clearTimeout(timer)
        this.#flights.delete(flight)
        reject(signal?.reason)
      }
      const arrive = (): void => {
        signal?.removeEventListener('abort', abort)
        this.#flights.delete(flight)
        if (weather === 'fine') resolve(response(answer(false)))
        // Whoever asked may have given up.
        else if (weather === 'slow') resolve(response(answer(true)))
        else if (weather === '500') resolve(response(failure))
        else if (weather === 'HTML') resolve(response(html))
        else if (weather === 'half an answer') resolve(response(answer(true), signal))
        else if (weather === 'answer lost') {
          answer(true)
          failed()
        } else failed()
      }
      if (!this.online) {
        failed()
        return
      }
      const timer = weather === 'no answer' ? undefined : this.later(arrive, seconds * 1000)
      if (signal?.aborted) abort()
      else signal?.addEventListener('abort', abort, { once: true })
    })
  }

  /** What becomes of the request. */
  protected weather(_request: StormRequest): Weather {
    if (this.calm) return 'fine'
    return this.random.pick({
      fine: 80,
      slow: 8,
      'lost on the way': 3,
      'answer lost': 2,
      'no answer': 2,
      'half an answer': 2,
      '500': 2,
      HTML: 2,
    })
  }

  /** Whether the page will not take what the OP answers now. */
  protected losesAnswer(_request: StormRequest): boolean {
    return false
  }

  /** How long an answer takes. */
  protected secondsFor(weather: Weather, _request: StormRequest): number {
    return weather === 'slow' ? this.random.int(1, 14) : this.random.int(5, 80) / 1000
  }

  /** What the app's own server says. */
  protected answerOfApp({ method }: StormRequest, text: string): Reply {
    return method === 'GET' ? html : this.op.judge(JSON.parse(text))
  }

  protected openPopup(): StormPopup | null {
    if (!this.calm && this.random.chance(0.08)) return null
    const popup = new StormPopup(url => this.#visitInPopup(popup, url))
    this.#popups.add(popup)
    return popup
  }

  /** What a person does at the OP. */
  #visitInPopup(popup: StormPopup, url: string): void {
    const does = this.popupVisit()
    const after = this.calm ? 100 : this.random.int(200, 2500)
    if (does === 'sever') popup.closed = true
    this.later(() => {
      const isGone = popup.closed && does !== 'sever'
      if (isGone) return
      if (does === 'close') popup.closed = true
      // Somebody who went for a coffee closes it in the end.
      else if (does === 'leave') this.later(() => popup.close(), this.random.int(5, 40) * 1000)
      else if (does === 'go astray') this.#stray(url)
      else {
        if (does !== 'refuse') this.signInAtOp(url)
        const params = does === 'refuse' ? this.#refusal(url, 'access_denied') : this.op.authorize(url)
        this.#comeBack(url, params)
      }
      if (does !== 'leave' && does !== 'go astray') popup.close()
      if (does === 'go astray') this.later(() => popup.close(), 3000)
    }, after)
  }

  protected popupVisit(): PopupVisit {
    if (this.calm) return 'sign in'
    return this.random.pick({ 'sign in': 80, refuse: 4, close: 6, leave: 2, sever: 4, 'go astray': 4 })
  }

  /** In a storm anybody; in a calm who was asked for. */
  protected signInAtOp(url: string): void {
    const hint = new URL(url).searchParams.get('login_hint')
    const inCalm = hint ?? this.op.login?.sub ?? 'josh'
    this.op.signIn(this.calm ? inCalm : this.random.pick({ josh: 8, jane: 2 }))
  }

  protected frameVisit(): FrameVisit {
    if (this.calm) return 'answer'
    return this.random.pick({ answer: 70, 'answer late': 8, refuse: 6, fail: 4, 'go astray': 4 })
  }

  #visitInFrame(frame: Element, url: string): void {
    const does = this.frameVisit()
    if (does === 'refuse') return
    const seconds = does === 'answer late' ? this.random.int(2, 14) : this.random.int(10, 300) / 1000
    this.later(() => {
      // A page in a frame that is gone says nothing.
      if (!frame.isConnected) return
      if (does === 'go astray') this.#stray(url)
      else this.#comeBack(url, does === 'fail' ? this.#refusal(url, 'server_error') : this.op.authorize(url))
    }, seconds * 1000)
  }

  #refusal(url: string, error: string): string {
    const state = new URL(url).searchParams.get('state') ?? ''
    return new URLSearchParams({ error, state, iss: this.op.issuer }).toString()
  }

  /** What the callback page does; now and then twice. */
  #comeBack(url: string, params: string): void {
    const name = `afresh:${new URL(url).searchParams.get('state')}`
    this.post(null, name, params)
    if (!this.calm && this.random.chance(0.1)) this.post(null, name, params)
  }

  /** An answer that is nobody's, or somebody else's. */
  #stray(url: string): void {
    const name = `afresh:${new URL(url).searchParams.get('state')}`
    const good = this.op.authorize(url)
    const wrong = [
      7,
      null,
      '',
      'code=c',
      `${good}&state=x`,
      good.replace('op.example', 'evil.example'),
      good + good,
    ]
    this.post(null, name, this.random.of(wrong))
  }
}
