/** Where an app runs, as far as its headers depend on it. */
export interface Site {
  /** The OP's issuer: its endpoints and pages are of one origin. */
  readonly issuer: string
  /** The origins of the APIs that are not behind the app's own. */
  readonly apis: readonly string[]
  readonly openerPolicy: OpenerPolicy
  /** The origins of the sites that may frame the app. */
  readonly embeddedBy: readonly string[]
}

/**
 * The app's Cross-Origin-Opener-Policy: which pages may hold a reference to the app's window.
 * - `same-origin-allow-popups`: a page of another site that opens the app gets no reference to it, while the app can
 *   close and focus its own popups. WebKit allows that only for a popup that is opened at its address. This one is opened
 *   before its address is known, so in WebKit this policy has the effect of `same-origin`.
 * - `same-origin`: the pages in the popup get no reference to the app either, so a page that the OP leads to cannot
 *   navigate the app's tab. The app can then neither close the popup nor see that it was closed: it offers to open it
 *   again.
 * - `unsafe-none`: the same as without the header.
 */
export type OpenerPolicy = 'same-origin-allow-popups' | 'same-origin' | 'unsafe-none'

/** What Vite's dev server needs in addition. A build needs none of it. */
export interface DevNeeds {
  /**
   * The nonce of the inline script that React's refresh starts with, and of the styles that modules put into the page.
   */
  readonly nonce: string
  /** The address where the dev server reports changed files. */
  readonly socket: string
}

/** The page that the OP redirects back to. */
const callbackPath = '/auth/callback.html'

/**
 * The headers for a path of the app. They say what its page may load and connect to, which pages may frame it, and
 * which may hold a reference to its window. Strict-Transport-Security is missing because localhost has no TLS; a real
 * app sends it.
 */
export function headersFor(path: string, site: Site, dev?: DevNeeds): Record<string, string> {
  const isCallback = path === callbackPath
  const directives = isCallback ? callbackDirectives(site) : appDirectives(site)
  return {
    'Content-Security-Policy': inText(dev ? relaxed(directives, dev) : { ...directives, ...noTextAsCode }),
    // With a policy on this page, the popup would be cut off from the app, and would seem closed, before its answer has
    // arrived.
    ...(!isCallback && { 'Cross-Origin-Opener-Policy': site.openerPolicy }),
    'Permissions-Policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  }
}

/** A Content-Security-Policy: names and their values. */
type Directives = Readonly<Record<string, readonly string[]>>

const [self, none] = ["'self'", "'none'"]

const everyPage: Directives = {
  'default-src': [none],
  'script-src': [self],
  'base-uri': [none],
  // The app sends its forms by script.
  'form-action': [none],
}

function appDirectives({ issuer, apis, embeddedBy }: Site): Directives {
  const op = new URL(issuer).origin
  return {
    ...everyPage,
    'style-src': [self],
    // The icon is `data:`. Pictures of remembered accounts come from the OP; an app names the host that has them.
    'img-src': [self, 'data:', op],
    'connect-src': [self, op, ...apis],
    // The hidden frame begins at the OP and ends at the callback page.
    'frame-src': [self, op],
    'frame-ancestors': embeddedBy.length > 0 ? embeddedBy : [none],
  }
}

const callbackDirectives = ({ embeddedBy }: Site): Directives => ({
  ...everyPage,
  'img-src': ['data:'],
  // The hidden frame ends there.
  'frame-ancestors': [self, ...embeddedBy],
})

/** Trusted Types: no script may make code or markup out of text, and no script may define an exception. */
const noTextAsCode: Directives = { 'require-trusted-types-for': ["'script'"], 'trusted-types': [none] }

/**
 * The policy without Trusted Types, because Vite makes a worker out of text, in which it waits for a dev server that is
 * down.
 */
function relaxed(directives: Directives, { nonce, socket }: DevNeeds): Directives {
  const own = [self, `'nonce-${nonce}'`]
  const { 'connect-src': connect = [self] } = directives
  return {
    ...directives,
    'script-src': own,
    'style-src': own,
    'connect-src': [...connect, socket],
    'worker-src': ['blob:'],
  }
}

const inText = (directives: Directives): string =>
  Object.entries(directives)
    .map(([name, values]) => `${name} ${values.join(' ')}`)
    .join('; ')
