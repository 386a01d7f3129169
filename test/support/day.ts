import type { AuthState } from 'afresh'
import { step } from './day-steps.ts'
import { DayWorld } from './day-world.ts'
import type { Leftovers } from './storm-browser.ts'

const [minute, hour] = [60_000, 3_600_000]
/** Milliseconds in which everything that was begun comes to its end, locks of stopped tabs included. */
const quiet = 90_000

/**
 * A day of people with three tabs that come and go, in one process and by one manual clock, so that a seed repeats it.
 * Machines sleep, networks and OPs fail, clocks are put wrong, the app is replaced, and people sign in, out and over.
 */
export class Day extends DayWorld {
  /** Promises that have not settled. */
  get hanging(): string[] {
    return this.tabs.flatMap(({ hanging }) => hanging)
  }

  async pass(): Promise<void> {
    for (const tab of this.tabs) this.load(tab)
    await this.#settle()
    const end = this.browser.now() + 24 * hour
    while (this.browser.now() < end) {
      await step(this)
      await this.#settle()
    }
  }

  /** In the end all is well again, and every tab shows who is signed in. */
  async calm(): Promise<void> {
    const { browser } = this
    this.say('calm')
    browser.opIs = 'up'
    browser.calm = true
    this.goOnline()
    browser.setClockError(0)
    // From the cache first, then into the app.
    for (const tab of [...this.tabs, ...this.tabs]) this.bringBack(tab)
    for (let round = 0; round < 4; round++) {
      await browser.advance(10 * minute)
      for (const tab of this.tabs) tab.answer('continue')
    }
    await this.#settle()
    const [tab] = this.tabs
    tab?.ask('signIn', client => client.signIn({ prompt: 'login' }))
    await browser.advance(10 * minute)
    for (const one of this.tabs) one.answer('continue')
    await this.#settle()
    for (const { name, client } of this.tabs) {
      const session = client?.store.getState().session
      if (session?.status !== 'authenticated')
        throw new Error(`${name} is ${JSON.stringify(session)} on the evening of a good day`)
    }
  }

  async close(): Promise<Leftovers> {
    for (const tab of this.tabs) tab.dispose()
    await this.browser.advance(700_000)
    return this.browser.leftovers()
  }

  /** Waits until all is quiet, and judges what there is. */
  async #settle(): Promise<void> {
    const { browser, truth, op } = this
    await browser.advance(quiet)
    for (const tab of this.tabs) if (tab.isAwake) tab.fetch()
    await browser.advance(1000)
    const canAsk = op.cookies && op.login !== null && browser.isOpReachable && browser.clockError === 0
    const inUse = this.tabs.filter(({ isInUse }) => isInUse)
    const states = inUse.flatMap(({ name: tab, client }) =>
      client ? [{ tab, state: client.store.getState() }] : [],
    )
    const isAlive = op.login?.sub === truth.person || states.some(({ state }) => isKept(state))
    for (const shown of states) truth.judge(shown, { canAsk, isAlive })
    if (truth.faults.length > 0) throw new Error(truth.faults.join('\n'))
    if (op.offences.length > 0) throw new Error(op.offences.join('\n'))
    if (browser.unhandled.length > 0)
      throw new Error('A rejection that is not handled', { cause: browser.unhandled[0] })
  }
}

/** Whether this tab has a session that the OP renews. */
function isKept({ session }: AuthState): boolean {
  return session.status === 'authenticated' && session.renewal.status === 'ok'
}
