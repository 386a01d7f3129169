import type { Page, Request } from '@playwright/test'

/** What a page does besides what a person sees. */
export interface Watched {
  /** Warnings and errors of the console, and errors that nothing has caught. */
  readonly complaints: string[]
  /** The requests for the list of payments. */
  readonly loads: Request[]
  /** The requests to approve a payment. */
  readonly approvals: Request[]
  /** How often React has changed the page since it was loaded. It stays 0 without React. */
  commits(): Promise<number>
  /** The versions of React that the page has loaded. */
  versions(): Promise<readonly string[]>
}

/**
 * What no page can prevent: the browser says it of each challenge of the backend, and of a sign-out where the OP revokes
 * no access tokens that are JWTs.
 */
const expected = [
  /^error: Failed to load resource: .* 401 .*\/api\/freshness$/,
  /^error: Failed to load resource: .* 400 .*\/token\/revocation$/,
]

/** Watches a page from its next navigation on. */
export async function watch(page: Page): Promise<Watched> {
  const watched: Omit<Watched, 'commits' | 'versions'> = { complaints: [], loads: [], approvals: [] }
  page.on('pageerror', error => watched.complaints.push(`uncaught: ${error.message}`))
  page.on('console', message => {
    const text = `${message.type()}: ${message.text()} ${message.location().url}`
    const isComplaint = ['warning', 'error'].includes(message.type())
    if (isComplaint && !expected.some(pattern => pattern.test(text))) watched.complaints.push(text)
  })
  page.on('request', request => {
    const { pathname } = new URL(request.url())
    if (pathname === '/api/payments') watched.loads.push(request)
    if (/^\/api\/payments\/\w+\/approve$/.test(pathname)) watched.approvals.push(request)
  })
  await page.addInitScript(pretendDevtools)
  return {
    ...watched,
    commits: () => page.evaluate('__react.commits'),
    versions: () => page.evaluate('__react.versions'),
  }
}

/** React tells its developer tools its version and each commit. */
function pretendDevtools(): void {
  const react = { commits: 0, versions: [] as string[] }
  const nothing = (): void => {}
  const hook = {
    renderers: new Map(),
    supportsFiber: true,
    inject: ({ version }: { readonly version: string }) => react.versions.push(version),
    checkDCE: nothing,
    onScheduleFiberRoot: nothing,
    onCommitFiberUnmount: nothing,
    onPostCommitFiberRoot: nothing,
    onCommitFiberRoot() {
      react.commits++
    },
  }
  Object.assign(window, { __react: react, __REACT_DEVTOOLS_GLOBAL_HOOK__: hook })
}
