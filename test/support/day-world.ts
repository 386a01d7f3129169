import type { AuthState, createAuthClient } from 'afresh'
import { DayBrowser } from './day-browser.ts'
import { DayOp } from './day-op.ts'
import type { Page } from './day-page.ts'
import { DayTab } from './day-tab.ts'
import { Truth } from './day-truth.ts'
import { Random } from './random.ts'
import { unnamedIn } from './state-names.ts'

type Options = Parameters<typeof createAuthClient>[0]

/** Three tabs of one app in a browser, and its OP: what is there, and how tabs come and go. */
export class DayWorld {
  readonly random: Random
  readonly op: DayOp
  readonly browser: DayBrowser
  readonly truth: Truth
  readonly tabs: readonly DayTab[]
  readonly #options: Options
  readonly #journal: string[] = []
  /** Pages of before the last deploy, which cannot load what they have not loaded yet. */
  readonly #outdated = new WeakSet<Page>()

  constructor(seed: number) {
    const random = new Random(seed)
    this.random = random
    this.op = new DayOp(random, () => Math.floor(this.browser.now() / 1000))
    this.browser = new DayBrowser(random, this.op)
    this.truth = new Truth(
      () => ({ turn: this.browser.turns, milliseconds: this.browser.now() }),
      () => this.browser.isBlocked,
    )
    this.#options = this.#drawOptions()
    this.tabs = ['A', 'B', 'C'].map(name => new DayTab(name, this.browser, what => this.say(what)))
    this.op.onAuthorized = family => this.truth.authorized(family)
    this.browser.onStop = () => {
      // An answer that it has asked for may still be on its way.
      this.op.pageLostAt = Math.floor(this.browser.now() / 1000) + 30
    }
    this.browser.onSent = (token, page) => this.#judgeToken(token, page)
    this.browser.onLeave = (page, url) => this.#leave(page, url)
  }

  /** What this day is like, and the last that happened. */
  get journal(): string {
    const { isBlocked } = this.browser
    const { cookies, refreshes, tokenLifetime } = this.op
    const set = { isBlocked, cookies, refreshes, tokenLifetime, ...this.#options }
    return [JSON.stringify(set), ...this.#journal.slice(-120)].join('\n')
  }

  say(what: string): void {
    this.#journal.push(`${new Date(this.browser.now()).toISOString().slice(11, 23)} ${what}`)
  }

  /** The app is replaced on the server: pages that are open cannot load what they have not loaded yet. */
  deploy(): void {
    for (const { page } of this.tabs) if (page) this.#outdated.add(page)
  }

  lacksChunks(page: Page | null): boolean {
    return page !== null && this.#outdated.has(page)
  }

  load(tab: DayTab, response?: string): void {
    this.say(`  ${tab.name} loads${response === undefined ? '' : ', back from the OP'}`)
    tab.load(this.#options, (one, state, previous) => this.#follow(one, state, previous), response)
  }

  goAway(tab: DayTab | undefined): void {
    if (tab?.page?.state !== 'awake') return
    const isLast = !this.tabs.some(other => other !== tab && other.isInUse)
    if (isLast && this.random.chance(0.6)) return
    // Where storage is blocked, a page that was away has no way to know what it has missed.
    const isBlocked = this.browser.isBlocked
    const how = isBlocked
      ? 'close'
      : this.random.pick({ close: 3, leave: 3, freeze: 3, cache: 4, unmount: 3 })
    this.say(`  ${tab.name}: ${how}`)
    if (how === 'close') tab.close()
    else if (how === 'leave') tab.leave()
    else if (how === 'freeze') tab.page.stop('frozen')
    else if (how === 'cache') tab.page.stop('cached')
    else if (!tab.isUnmounted) tab.unmount()
  }

  bringBack(tab: DayTab): void {
    const { page } = tab
    if (!page) this.load(tab)
    else if (page.state !== 'awake') {
      const wasCached = page.state === 'cached'
      this.say(`  ${tab.name} is back: ${page.state}`)
      const tell = (): void => {
        if (wasCached) page.fire('window', 'pageshow', { persisted: true })
        else page.fire('document', 'resume')
      }
      // What waited may come first.
      const isTimerFirst = this.random.chance(0.4)
      page.wake(isTimerFirst ? undefined : tell)
      if (this.random.chance(0.3)) tab.fetch()
      if (isTimerFirst) tell()
    } else if (tab.isUnmounted) {
      this.say(`  ${tab.name} is mounted again`)
      tab.mount()
    }
  }

  goOnline(): void {
    this.browser.online = true
    for (const tab of this.tabs) if (tab.isAwake) tab.page?.fire('window', 'online')
  }

  #drawOptions(): Options {
    const { random, op, browser, truth } = this
    op.cookies = random.chance(0.6)
    op.refreshes = !op.cookies || random.chance(0.7)
    op.tokenLifetime = random.of([300, 900, 3600])
    browser.isBlocked = random.chance(0.12)
    truth.endsByItself = random.chance(0.25)
    return {
      issuer: op.issuer,
      clientId: 'payments',
      timeLimit: 5,
      storage: random.chance(0.4) ? 'session' : 'memory',
      interaction: browser.isBlocked ? ['popup'] : random.of([['popup', 'redirect'], ['redirect']]),
      freshness: { endpoint: '/api/freshness' },
      ...(truth.endsByItself && { session: { idle: 3600, absolute: 8 * 3600, warnBefore: 60 } }),
    }
  }

  #follow({ name }: DayTab, state: AuthState, previous: AuthState): void {
    const wrong = unnamedIn(state)
    if (/"(at|rt|code)-\d/.test(JSON.stringify(state))) wrong.push('a token in the state')
    if (wrong.length > 0) this.truth.faults.push(`${name}: ${wrong}`)
    if (state.session !== previous.session) this.say(`  ${name} is ${inWords(state)}`)
    this.truth.follow(name, state, previous)
  }

  #judgeToken(token: string, { name }: Page): boolean {
    const info = this.op.tokenInfo(token)
    if (!info) throw new Error(`${name} sends a token that is no token: ${token}`)
    this.truth.send(name, info)
    return !info.family.revoked && info.expiresAt > Math.floor(this.browser.now() / 1000)
  }

  /** A tab goes to the OP, and comes back, when both can be reached. */
  #leave(page: Page, url: URL): void {
    const { browser, op, random } = this
    const tab = this.tabs.find(one => one.page === page)
    if (!tab) return
    const isSignOut = url.pathname === '/end'
    if (isSignOut) this.truth.leaveToSignOut(tab.name)
    setTimeout(
      () => {
        if (tab.page !== page || page.state !== 'awake') return
        this.say(`  ${tab.name} is at the OP: ${url.pathname}`)
        if (!browser.isOpReachable) return this.load(tab)
        if (isSignOut) op.login = null
        else if (url.searchParams.get('prompt') !== 'none') browser.signInAtOp(url.href)
        const state = url.searchParams.get('state') ?? ''
        this.load(tab, isSignOut ? `state=${state}` : op.authorize(url.href, true))
      },
      random.int(50, 2000),
    )
  }
}

function inWords({ session }: AuthState): string {
  if (session.status === 'initializing') return session.status
  if (session.status === 'anonymous') return `anonymous: ${session.reason}`
  const { account, claims, renewal } = session
  return `${account.sub} by the ${claims.family}, renewal ${renewal.status}`
}
