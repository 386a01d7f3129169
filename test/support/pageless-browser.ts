import type { Browser, BrowserClock, Channel } from '../../src/op/browser.ts'
import type { GuardedStorage } from '../../src/op/guarded-storage.ts'
import { FakeLocks } from './locks.ts'
import type { AuthorizationAnswer, ScriptedOp } from './op.ts'

/** A clock that stands still until it is moved. */
export class ManualBrowserClock implements BrowserClock {
  #time = 1_800_000_000_000
  readonly #timers = new Set<{ readonly at: number; readonly work: () => void }>()

  now = (): number => this.#time
  elapsed = (): number => this.#time

  setTimer(work: () => void, milliseconds: number): () => void {
    const timer = { at: this.#time + milliseconds, work }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  advance(milliseconds: number): void {
    const end = this.#time + milliseconds
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (!next) break
      this.#timers.delete(next)
      this.#time = Math.max(this.#time, next.at)
      next.work()
    }
    this.#time = end
  }
}

/** A browser that has no page: what its tabs share is in memory, and windows are answered by the OP's script. */
export class PagelessBrowser {
  readonly clock = new ManualBrowserClock()
  readonly locks = new FakeLocks()
  /** How the OP answers the next window. */
  answer: AuthorizationAnswer = {}
  /** What the clients have reported. */
  readonly reported: unknown[] = []
  readonly #op: ScriptedOp
  readonly #storage = memory()
  readonly #channels = new Set<MemoryChannel>()

  constructor(op: ScriptedOp) {
    this.#op = op
  }

  /** A tab at the app. */
  openTab(): Browser {
    const { clock, locks } = this
    const [href, origin] = ['https://app.example/payments', 'https://app.example']
    const openWindow = () => ({
      source: null,
      navigate: (url: string) => this.#comeBack(url),
      show: () => true,
      close: () => {},
      loadedPath: () => null,
      isElsewhere: () => false,
    })
    return {
      clock,
      locks,
      page: {
        ...{ href, origin, baseUrl: href, lang: undefined, isVisible: true, isPrerendering: false },
        ...{ hasBeenUsed: true, isBeingUsed: true, isInstalled: false, userAgent: '', device: '' },
        ...{ connection: undefined, ancestors: [], isIsolated: false, assign: () => {}, replace: () => {} },
        on: () => () => {},
      },
      fetch: (input, init) => fetch(input, init),
      browserStorage: this.#storage,
      tabStorage: memory(),
      openChannel: name => this.#openChannel(name),
      openPopup: openWindow,
      openFrame: openWindow,
      reportError: error => void this.reported.push(error),
    }
  }

  #openChannel(name: string): Channel {
    const channel = new MemoryChannel(name, this.#channels)
    this.#channels.add(channel)
    return channel
  }

  #comeBack(url: string): void {
    const channel = this.#openChannel(`afresh:${new URL(url).searchParams.get('state')}`)
    channel.postMessage(this.#op.authorize(url, this.answer))
    channel.close()
  }
}

class MemoryChannel implements Channel {
  readonly #name: string
  readonly #open: Set<MemoryChannel>
  onmessage: Channel['onmessage'] = null

  constructor(name: string, open: Set<MemoryChannel>) {
    this.#name = name
    this.#open = open
  }

  postMessage(message: unknown): void {
    const data = structuredClone(message)
    const others = [...this.#open].filter(other => other !== this && other.#name === this.#name)
    queueMicrotask(() => {
      for (const other of others) (other as { onmessage: Hear | null }).onmessage?.({ data })
    })
  }

  close(): void {
    this.#open.delete(this)
  }
}

type Hear = (event: { readonly data: unknown }) => void

function memory(): GuardedStorage {
  const texts = new Map<string, string>()
  return {
    read: key => texts.get(key) ?? null,
    write: (key, text) => {
      texts.set(key, text)
      return true
    },
    remove: key => void texts.delete(key),
    keys: prefix => [...texts.keys()].filter(key => key.startsWith(prefix)),
  }
}
