import type { Locks } from '../../src/op/browser.ts'

type Work = (lock: { name: string } | null) => unknown

interface Options {
  readonly mode?: string
  readonly ifAvailable?: boolean
  readonly steal?: boolean
  /** Ends the waiting, and nothing else. */
  readonly signal?: AbortSignal
}

/** Web Locks as far as the client needs them, which jsdom has not: exclusive and shared, first come first served. */
export class FakeLocks implements Locks {
  #held: { name: string; shared: boolean }[] = []
  #waiting: (() => boolean)[] = []

  async request(name: string, options: Options | Work, work?: Work): Promise<unknown> {
    const shared = typeof options === 'object' && options.mode === 'shared'
    const lock = { name, shared }
    const { signal, ifAvailable, steal }: Options = typeof options === 'object' ? options : {}
    const isFree = (): boolean => !this.#held.some(other => other.name === name && !(other.shared && shared))
    // Work that loses its lock goes on; a browser rejects its request, which is waited for no more.
    if (steal) this.#held = this.#held.filter(other => other.name !== name)
    if (ifAvailable && !isFree()) return (work ?? (options as Work))(null)
    signal?.throwIfAborted()
    await new Promise<void>((resolve, reject) => {
      const tryNow = (): boolean => {
        const free = isFree()
        if (free) {
          this.#held.push(lock)
          resolve()
        }
        return free
      }
      if (tryNow()) return
      this.#waiting.push(tryNow)
      signal?.addEventListener('abort', () => {
        this.#waiting = this.#waiting.filter(waiting => waiting !== tryNow)
        reject(signal.reason)
      })
    })
    try {
      return await (work ?? (options as Work))(lock)
    } finally {
      this.#held = this.#held.filter(other => other !== lock)
      this.#waiting = this.#waiting.filter(tryNow => !tryNow())
    }
  }

  async query(): Promise<{ held: { name: string }[] }> {
    return { held: this.#held.map(({ name }) => ({ name })) }
  }
}
