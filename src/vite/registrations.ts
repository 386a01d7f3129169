import type { ResolvedServerUrls } from 'vite'
import type { Page } from './pages.ts'

/**
 * What is to be registered at the OP, line by line.
 *
 * @param urls where the server is; null when that is another server's business
 */
export function registrations(pages: readonly Page[], urls: ResolvedServerUrls | null): string[] {
  const origins = urls === null ? [''] : usableOrigins(urls)
  if (origins.length === 0)
    return [
      '  afresh: browsers allow sign-in only on https pages and on localhost, and this server is neither: set `server.https`,',
      '  or open it as localhost.',
    ]
  const ofKind = (kind: Page['kind']): string[] =>
    origins.flatMap(origin => pages.filter(page => page.kind === kind).map(({ path }) => origin + path))
  const callbacks = ofKind('callback')
  const rows: [string, readonly string[]][] = [
    ['redirect URI', callbacks],
    ['post-logout redirect URI', callbacks],
    ['front-channel logout URI', ofKind('front-channel-logout')],
    ['web origin (CORS)', origins.filter(origin => origin !== '')],
  ]
  const where = urls === null ? ', with the origin of your server before the paths' : ''
  return [
    `  afresh: register at the OpenID Provider${where}`,
    ...rows.flatMap(([name, values]) => values.map(value => `  ➜  ${name.padEnd(25)} ${value}`)),
  ]
}

/** Those on which browsers have what the client needs (a secure context). */
function usableOrigins({ local, network }: ResolvedServerUrls): string[] {
  const origins = [...local, ...network].map(url => new URL(url).origin)
  return [...new Set(origins)].filter(origin =>
    /^https:|^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|$)/.test(origin),
  )
}
