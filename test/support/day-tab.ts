import { type AuthClient, type AuthState, createAuthClient, isAuthError, selectPrompt } from 'afresh'
import { apiUrl, type DayBrowser } from './day-browser.ts'
import type { Page } from './day-page.ts'
import { DayStorage } from './day-storage.ts'

type Options = Parameters<typeof createAuthClient>[0]

type OnState = (tab: DayTab, state: AuthState, previous: AuthState) => void

/** A tab of the app, with one page after the other in it, or none while it is closed. */
export class DayTab {
  readonly name: string
  /** Whether the app has taken its provider away for a while: then no one looks at what it shows. */
  isUnmounted = false
  #browser: DayBrowser
  #storage = new DayStorage()
  #page: Page | null = null
  #client: AuthClient | null = null
  #unmount: () => void = () => {}
  /** What the page has been asked for. */
  readonly #waiting = new Map<Promise<unknown>, string>()
  readonly #say: (what: string) => void

  constructor(name: string, browser: DayBrowser, say: (what: string) => void) {
    this.name = name
    this.#browser = browser
    this.#say = say
  }

  get page(): Page | null {
    return this.#page
  }

  get client(): AuthClient | null {
    return this.#client
  }

  get isAwake(): boolean {
    return this.#page?.state === 'awake'
  }

  /** Whether a person can look at it and use it. */
  get isInUse(): boolean {
    return this.isAwake && !this.isUnmounted
  }

  /** Promises that have not settled. */
  get hanging(): string[] {
    return [...this.#waiting.values()]
  }

  /** Loads the app. @param response of the OP, when the page comes back from there */
  load(options: Options, onState: OnState, response?: string): void {
    this.#end()
    if (response !== undefined) this.#storage.setItem('afresh:response', JSON.stringify(response))
    const page = this.#browser.openPage(this.name, this.#storage)
    this.#page = page
    this.isUnmounted = false
    page.run(() => {
      const client = createAuthClient({
        ...options,
        logger: ({ type, ...rest }) =>
          this.#say(`    ${this.name}: ${type} ${Object.values(rest).join(' ')}`),
      })
      this.#client = client
      client.store.subscribe((state, previous) => {
        if (this.#page === page && page.state !== 'gone') onState(this, state, previous)
      })
      this.#unmount = client.mount()
    })
  }

  /** Goes to another site. What its sessionStorage holds is there when it is back. */
  leave(): void {
    this.#end()
  }

  /** Closes the tab, and what its sessionStorage holds. */
  close(): void {
    this.#end()
    this.#storage = new DayStorage()
  }

  /** The client ends what it does, as in a page that goes on without it. */
  dispose(): void {
    const { page, client } = this
    page?.run(() => client?.dispose())
  }

  unmount(): void {
    this.#page?.run(this.#unmount)
    this.isUnmounted = true
  }

  mount(): void {
    this.isUnmounted = false
    this.#page?.run(() => {
      this.#unmount = this.#client?.mount() ?? (() => {})
    })
  }

  /** Asks the client for something. What it is asked for settles, and rejects with nothing but our errors. */
  ask(what: string, work: (client: AuthClient) => Promise<unknown>): void {
    const { page, client } = this
    if (!page || !client || page.state !== 'awake') return
    const settled = page
      .run(() => work(client))
      .catch(error => {
        const isOfFetch = error instanceof TypeError && what === 'fetch'
        if (!isOfFetch && !isAuthError(error)) throw error
      })
    this.#waiting.set(settled, `${this.name} ${what}`)
    settled.then(() => this.#waiting.delete(settled))
  }

  fetch(): void {
    this.ask('fetch', client => client.fetch(apiUrl))
  }

  answer(choice: 'continue' | 'cancel' | 'switch'): void {
    const { client } = this
    const prompt = client && selectPrompt(client.store.getState())
    if (!prompt) return
    this.#say(`  ${this.name} answers ${prompt.type}: ${choice}`)
    this.#page?.run(() => client.answerPrompt(prompt.id, choice))
  }

  #end(): void {
    const { page, client } = this
    page?.end()
    this.#waiting.clear()
    // Nothing that it does now reaches anything.
    page?.run(() => client?.dispose())
    this.#page = null
    this.#client = null
  }
}
