import type { FoundClient } from './find-clients.ts'
import { isRelative, type Page } from './pages.ts'

/** What `createAuthClient` takes when `callbackUrl` is left out. */
const defaultCallbackUrl = '/auth/callback.html'

/**
 * Compares a client's `callbackUrl` with the callback pages, by path: which origin the app will be at is not known. Where
 * `base` is relative, neither is the path before a page, so only its end is compared.
 *
 * @param where the module, for the message
 * @returns what is wrong and what to do; null when there is such a page, or when that cannot be known
 */
export function compareWithPages(
  { callbackUrl }: FoundClient,
  pages: readonly Page[],
  base: string,
  where: string,
): string | null {
  if (callbackUrl === undefined) return null
  const path = pathOf(callbackUrl ?? defaultCallbackUrl)
  const paths = pages.filter(({ kind }) => kind === 'callback').map(page => page.path)
  if (paths.some(known => known === path || (isRelative(base) && path.endsWith(known)))) return null
  const client =
    callbackUrl === null
      ? `has no \`callbackUrl\`, so it is '${defaultCallbackUrl}'`
      : `has the \`callbackUrl\` '${callbackUrl}'`
  const mend = `write \`callbackUrl: '${paths[0]}'\` there`
  const other = path.startsWith(base)
    ? `, or \`callbackUrl: '${path}'\` in afresh() in the configuration of Vite`
    : ''
  return `The client in ${where} ${client}, and the callback page is at ${paths.map(known => `'${known}'`).join(', ')}: ${mend}${other}.`
}

/** As the client reads it: what is no whole URL is taken from the origin. */
function pathOf(url: string): string {
  return URL.canParse(url, 'http://localhost') ? new URL(url, 'http://localhost').pathname : url
}
