import { vi } from 'vitest'
import { defaults } from '../../src/client/defaults.ts'
import type { Browser, Locks } from '../../src/op/browser.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'
import type { Popup } from '../../src/op/popup.ts'
import type { AuthFrame } from '../../src/op/windows.ts'
import { newLocks } from './locks.ts'
import type { AuthorizationAnswer, ScriptedOp } from './op.ts'
import { openShop, type Shop, Browser as ShopBrowser } from './shop.ts'

// jsdom has a Uint8Array of its own, which jose does not take for the one that Node's TextEncoder and crypto give.
globalThis.Uint8Array = Object.getPrototypeOf(Buffer)

/**
 * What a person, or nobody, does in a window at the OP. `earlier`: what comes back answers the request that a window
 * before it was left with.
 */
export type Visit =
  | AuthorizationAnswer
  | { readonly earlier: AuthorizationAnswer }
  | { readonly error: string }
  /** What comes back, as it is: the URL of a pushed request says nothing of it. */
  | { readonly comesBackAs: Readonly<Record<string, string>> }
  | 'close'
  | 'lose'
  | 'stay'

/**
 * The browser around a page under test: windows that a script answers instead of a person, a `fetch` that reaches the
 * shop's API without a socket, and the locks that jsdom has not. What goes to the OP is real HTTP; all else is jsdom's.
 */
export class TestPage implements Browser {
  readonly clock = pageBrowser.clock
  readonly page = pageBrowser.page
  readonly browserStorage = pageBrowser.browserStorage
  readonly tabStorage = pageBrowser.tabStorage
  readonly openChannel = pageBrowser.openChannel
  readonly reportError = pageBrowser.reportError
  locks: Locks | null = newLocks()
  fetch: Browser['fetch']
  readonly op: ScriptedOp
  readonly shop: Shop
  /** What the next popups do, in order; none left: the browser blocks them. */
  readonly popups: Visit[] = []
  /** What hidden frames do. */
  frame: Visit = { error: 'login_required' }
  /** The path of what hidden frames show of this origin, when they stay. */
  framedPath: string | null = null
  /** Whether hidden frames that stay show a page of another origin. */
  isFramedElsewhere = false
  /** Every URL a window went to. */
  readonly visited: URL[] = []
  /** Every request the page sent. */
  readonly requests: Request[] = []
  openWindows = 0
  /** How often a popup was to come to the front. */
  shown = 0
  /** Whether it can. */
  canShow = true
  /** Answers a request to the own origin instead of the shop, if it wants to. */
  intercept: (request: Request) => Response | undefined | Promise<Response | undefined> = () => undefined
  /** Changes what the shop says, as another version of its server would say it. */
  amend: (body: Readonly<Record<string, unknown>>) => unknown = body => body
  /** Whether there is a network. */
  online = true

  constructor(op: ScriptedOp) {
    this.op = op
    const clock = { time: 0, now: () => Math.floor(Date.now() / 1000), advance: () => {} }
    this.shop = openShop(op, clock, { origins: [location.origin] })
    const browser = new ShopBrowser(this.shop.app)
    const network = globalThis.fetch
    this.fetch = async (input, init) => {
      const request = new Request(input, init)
      this.requests.push(request.clone())
      const { pathname, origin } = new URL(request.url)
      if (!this.online) throw new TypeError('Failed to fetch')
      if (origin !== location.origin) return network(request)
      request.signal.throwIfAborted()
      const intercepted = (await this.intercept(request)) ?? this.#document(request)
      if (intercepted) return intercepted
      const grant = request.headers.get('Step-Up-Grant')
      const reply = await browser.send(pathname, await request.text(), {
        Origin: location.origin,
        // The shop takes the person's name for an access token.
        Authorization: request.headers.has('Authorization') ? 'josh' : '',
        ...(grant && { 'Step-Up-Grant': grant }),
      })
      return new Response(JSON.stringify(this.amend(reply.body)), {
        status: reply.status,
        headers: reply.headers,
      })
    }
    // oidc-client-ts knows no other than this for what discovery says.
    vi.stubGlobal('fetch', ((input, init) => this.fetch(input, init)) satisfies Browser['fetch'])
  }

  readonly openPopup = (onGone: (how: 'closed' | 'lost') => void): Popup | null => {
    const visit = this.popups.shift()
    return visit === undefined ? null : this.#window(visit, onGone)
  }

  readonly openFrame = (): AuthFrame => ({
    ...this.#window(this.frame, () => {}),
    loadedPath: () => this.framedPath,
    isElsewhere: () => this.isFramedElsewhere,
  })

  /** The pages that the app is deployed with. */
  #document({ method, url }: Request): Response | undefined {
    const { pathname } = new URL(url)
    const page = { '/': 'app', [defaults.callbackUrl]: 'callback' }[pathname]
    if (method !== 'GET' || page === undefined) return undefined
    return new Response(`<title>${page}</title><script>${page}()</script>`, {
      headers: { 'Content-Type': 'text/html' },
    })
  }

  #window(visit: Visit, onGone: (how: 'closed' | 'lost') => void): Popup {
    let open = true
    this.openWindows++
    return {
      source: null,
      navigate: url => {
        this.visited.push(new URL(url))
        if (visit === 'close') onGone('closed')
        else if (visit === 'lose') onGone('lost')
        else if (visit === 'stay') return
        else if ('comesBackAs' in visit)
          this.#handOver(visit.comesBackAs.state ?? '', new URLSearchParams(visit.comesBackAs).toString())
        else if ('earlier' in visit) this.#comeBack(this.visited.at(-2)?.href ?? '', visit.earlier)
        else this.#comeBack(url, visit)
      },
      show: () => {
        this.shown++
        return this.canShow
      },
      close: () => {
        if (open) this.openWindows--
        open = false
      },
    }
  }

  /** What the callback page does. */
  #comeBack(url: string, visit: AuthorizationAnswer | { readonly error: string }): void {
    const state = new URL(url).searchParams.get('state') ?? ''
    const params =
      'error' in visit
        ? new URLSearchParams({ ...visit, state, iss: this.op.issuer }).toString()
        : this.op.authorize(url, visit)
    this.#handOver(state, params)
  }

  /** @param state of the request that this answers */
  #handOver(state: string, params: string): void {
    const channel = new BroadcastChannel(`afresh:${state}`)
    channel.onmessage = () => channel.close()
    channel.postMessage(params)
  }
}
