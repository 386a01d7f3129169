import { type AuthClient, createAuthClient, isAuthError, selectPrompt } from 'afresh'
import { Random } from './random.ts'
import { unnamedIn } from './state-names.ts'
import { type Leftovers, StormBrowser } from './storm-browser.ts'
import { StormOp } from './storm-op.ts'

/** What is counted: the rest happens in between. */
const counted = ['renew', 'signIn', 'signOut'] as const

interface Tab {
  readonly name: string
  readonly client: AuthClient
  readonly isShared: boolean
  /** Whether it signs in by popup. */
  readonly popups: boolean
  /** What the person does not leave to itself. */
  unmount: (() => void) | null
}

/** People with several tabs, at an OP, in a browser, on a bad day. */
export class Storm {
  readonly random: Random
  readonly op: StormOp
  readonly browser: StormBrowser
  readonly operations = { renew: 0, signIn: 0, signOut: 0 }
  readonly #waiting = new Map<Promise<unknown>, string>()
  readonly #journal: string[] = []
  readonly #session: { idle: number; absolute: number; warnBefore: number } | null
  #tabs: Tab[] = []
  #leaving: Tab | null = null
  #count = 0

  constructor(seed: number) {
    this.random = new Random(seed)
    this.op = new StormOp(this.random, () => Math.floor(Date.now() / 1000))
    this.browser = new StormBrowser(this.random, this.op)
    this.op.cookies = this.random.chance(0.6)
    this.op.refreshes = this.random.chance(0.7)
    this.#session = this.random.chance(0.3) ? { idle: 900, absolute: 7200, warnBefore: 60 } : null
  }

  /** So many operations among faults, each step checked. */
  async rage(operations: number): Promise<void> {
    this.#openTab()
    for (let done = 0; done < operations; ) {
      if (await this.#step()) done++
      for (const tab of this.#tabs) this.#check(tab)
      this.#checkHonesty()
    }
  }

  /** No more faults; waits until what was begun is over, and answers what still asks. */
  async calm(): Promise<void> {
    const { browser, op } = this
    browser.calm = op.calm = browser.online = true
    this.#say('calm')
    for (let round = 0; round < 4; round++) {
      for (const { client } of this.#tabs) this.#answer(client, 'cancel')
      await browser.advance(700_000)
    }
    for (const tab of this.#tabs) this.#check(tab)
  }

  /** Whether every tab can still do what it is for. */
  async prove(): Promise<void> {
    for (const tab of this.#tabs.filter(({ popups }) => popups)) {
      const { client, name } = tab
      this.#say(`${name} proves itself`)
      let done = ''
      this.#track(
        `${name} proof`,
        client
          .signIn()
          .then(() => client.renew())
          .then(() => this.#getAccessToken(tab))
          .then(
            () => {
              done = 'ok'
            },
            error => {
              done = `${error}`
            },
          ),
      )
      await this.browser.advance(60_000)
      if (done !== 'ok') throw new Error(`${name} cannot sign in and renew any more: ${done || 'no answer'}`)
    }
  }

  async close(): Promise<Leftovers> {
    for (const tab of [...this.#tabs]) this.#dispose(tab)
    await this.browser.advance(700_000)
    return this.browser.leftovers()
  }

  /** Promises that nobody has settled. */
  get hanging(): string[] {
    return [...this.#waiting.values()]
  }

  get tabs(): readonly Tab[] {
    return this.#tabs
  }

  get journal(): string {
    return this.#journal.slice(-40).join('\n')
  }

  async #step(): Promise<boolean> {
    const { random, browser, op } = this
    const tab = random.of(this.#tabs)
    const { client } = tab
    const does = random.pick({
      renew: 26,
      getAccessToken: 26,
      signIn: 22,
      signOut: 8,
      stepUp: 5,
      answer: 30,
      open: 4,
      dispose: 3,
      mount: 4,
      wake: 4,
      alive: 4,
      network: 5,
      sleep: 1,
      elsewhere: 4,
      logout: 1,
    })
    this.#say(`${tab.name} ${does}`)
    switch (does) {
      case 'renew':
        this.#track(`${tab.name} renew`, client.renew())
        break
      case 'getAccessToken':
        this.#track(`${tab.name} getAccessToken`, this.#getAccessToken(tab))
        break
      case 'signIn': {
        const signal = random.chance(0.2) ? this.#abortLater() : undefined
        const prompt = random.chance(0.3) ? { prompt: 'login' } : {}
        this.#track(`${tab.name} signIn`, client.signIn({ ...prompt, ...(signal && { signal }) }))
        break
      }
      case 'signOut':
        this.#track(`${tab.name} signOut`, client.signOut())
        if (client.store.getState().session.status !== 'anonymous')
          throw new Error('Signed in after signOut()')
        break
      case 'stepUp':
        this.#track(`${tab.name} stepUp`, client.stepUp('payment.approve', { context: { cents: 1 } }))
        break
      case 'answer':
        for (const one of this.#tabs) {
          if (random.chance(0.7)) this.#answer(one.client, random.pick({ continue: 6, cancel: 2, switch: 2 }))
        }
        break
      case 'open':
        if (this.#tabs.length < 4) this.#openTab()
        break
      case 'dispose':
        // What has begun gets on its way: a page that goes loses answers, and asks nothing more.
        await browser.advance(1)
        this.#dispose(tab)
        if (this.#tabs.length === 0) this.#openTab()
        break
      case 'mount':
        // What was told to it while it was away would be lost.
        await browser.advance(300)
        tab.unmount?.()
        tab.unmount = client.mount()
        break
      case 'wake':
        browser.fire('document', 'visibilitychange')
        browser.fire('window', random.of(['online', 'pageshow', 'focus']))
        break
      case 'alive':
        browser.fire('window', 'pointerdown')
        break
      case 'network':
        browser.online = random.chance(0.8)
        if (browser.online) browser.fire('window', 'online')
        break
      case 'sleep':
        browser.sleep(random.int(60, 7200) * 1000)
        break
      case 'elsewhere':
        // At the OP, without this app.
        op.login = null
        if (random.chance(0.5)) op.signIn(random.of(['josh', 'jane']))
        break
      case 'logout':
        this.#frontChannelLogout()
    }
    const pause = random.pick({ none: 30, short: 50, long: 18, hour: 2 })
    const seconds = { none: 0, short: random.int(1, 50) / 10, long: random.int(10, 120), hour: 1500 }[pause]
    await browser.advance(seconds * 1000)
    await this.#comeBack()
    const isCounted = counted.some(one => one === does)
    if (isCounted) this.operations[does as 'renew']++
    return isCounted
  }

  #openTab(): void {
    const { random } = this
    const name = `tab ${++this.#count}`
    const isShared = random.chance(0.8)
    const interaction = random.of([['popup', 'redirect'], ['popup'], ['redirect']] as const)
    const tab: Tab = {
      name,
      isShared,
      popups: interaction[0] === 'popup',
      client: createAuthClient({
        issuer: this.op.issuer,
        clientId: isShared ? 'payments' : 'alone',
        tabs: isShared ? 'shared' : 'isolated',
        interaction,
        renewal: {
          via: this.op.refreshes ? random.of([['refresh', 'iframe'], ['refresh'], ['iframe']]) : ['iframe'],
        },
        freshness: { endpoint: '/api/freshness' },
        ...(this.#session && { session: this.#session }),
        logger: ({ type, ...rest }) => {
          this.#say(`  ${name}: ${type} ${Object.values(rest).join(' ')}`)
          if (type === 'redirect.started') this.#leaving = tab
        },
      }),
      unmount: null,
    }
    tab.client.store.subscribe(() => this.#check(tab))
    this.#tabs.push(tab)
    // One that is not mounted hears nothing of the others.
    if (isShared || random.chance(0.8)) tab.unmount = tab.client.mount()
  }

  #dispose(tab: Tab): void {
    this.browser.loseAnswers()
    tab.client.dispose()
    this.#tabs = this.#tabs.filter(one => one !== tab)
  }

  #answer({ store, answerPrompt }: AuthClient, choice: 'continue' | 'cancel' | 'switch'): void {
    const prompt = selectPrompt(store.getState())
    if (prompt) answerPrompt(prompt.id, choice)
  }

  async #getAccessToken({ client }: Tab): Promise<void> {
    const accessToken = await client.getAccessToken()
    const info = this.op.tokenInfo(accessToken)
    const { session } = client.store.getState()
    if (!info || info.expiresAt <= Math.floor(Date.now() / 1000))
      throw new Error(`${accessToken} is past its expiry`)
    const isOwn = session.status === 'authenticated' && session.account.sub === info.sub
    if (!isOwn) throw new Error(`${accessToken} is ${info.sub}'s, not the session's`)
  }

  /** Each promise settles, and rejects with nothing but our errors. */
  #track(what: string, promise: Promise<unknown>): void {
    const settled = promise.catch(error => {
      if (!isAuthError(error)) throw error
    })
    this.#waiting.set(settled, what)
    settled.then(() => this.#waiting.delete(settled))
  }

  #abortLater(): AbortSignal {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), this.random.int(0, 3000))
    return controller.signal
  }

  /** A page that left comes back, or was kept and is shown again; now and then the person stops it. */
  async #comeBack(): Promise<void> {
    const { browser, random, op } = this
    const departure = browser.departures.pop()
    browser.departures.length = 0
    const tab = this.#leaving
    this.#leaving = null
    if (!departure) return
    if (!tab || random.chance(0.3)) {
      if (random.chance(0.7)) browser.fire('window', 'pageshow')
      return
    }
    await browser.advance(1)
    this.#dispose(tab)
    if (departure.searchParams.get('prompt') !== 'none') op.signIn(random.pick({ josh: 8, jane: 2 }))
    sessionStorage.setItem('afresh:response', JSON.stringify(op.authorize(departure.href)))
    this.#openTab()
  }

  #frontChannelLogout(): void {
    const channel = new BroadcastChannel('afresh:logout')
    channel.postMessage({ iss: this.op.issuer, sid: this.random.of(['sid-josh', 'sid-jane', 'sid']) })
    channel.close()
  }

  // By hand: an `expect` costs more than the step that it judges.
  #check({ name, client }: Tab): void {
    const state = client.store.getState()
    const wrong = unnamedIn(state)
    if (state.interactions.length > 12) wrong.push(`${state.interactions.length} interactions`)
    if (/"(at|rt|code)-\d/.test(JSON.stringify(state))) wrong.push('a token in the state')
    if (wrong.length > 0) throw new Error(`${name}: ${wrong}`)
  }

  #checkHonesty(): void {
    const { op, browser } = this
    if (op.offences.length > 0) throw new Error(`${op.offences}`)
    if (browser.unhandled.length > 0)
      throw new Error('A rejection that nobody handled', { cause: browser.unhandled[0] })
  }

  #say(what: string): void {
    this.#journal.push(`${new Date().toISOString().slice(11, 23)} ${what}`)
    if (this.#journal.length > 2000) this.#journal.splice(0, 1000)
  }
}
