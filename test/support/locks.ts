type Work = (lock: { name: string }) => unknown

/** Web Locks as far as the client needs them, which jsdom has not: exclusive and shared, first come first served. */
export class FakeLocks {
  readonly #held: { name: string; shared: boolean }[] = []
  #waiting: (() => boolean)[] = []

  async request(name: string, options: { mode?: string } | Work, work?: Work): Promise<unknown> {
    const shared = typeof options === 'object' && options.mode === 'shared'
    const lock = { name, shared }
    await new Promise<void>(resolve => {
      const tryNow = (): boolean => {
        const free = !this.#held.some(other => other.name === name && !(other.shared && shared))
        if (free) {
          this.#held.push(lock)
          resolve()
        }
        return free
      }
      if (!tryNow()) this.#waiting.push(tryNow)
    })
    try {
      return await (work ?? (options as Work))(lock)
    } finally {
      this.#held.splice(this.#held.indexOf(lock), 1)
      this.#waiting = this.#waiting.filter(tryNow => !tryNow())
    }
  }

  async query(): Promise<{ held: { name: string }[] }> {
    return { held: this.#held.map(({ name }) => ({ name })) }
  }
}
