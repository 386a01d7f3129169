/** Milliseconds added to every answer, of the OP and of the apps alike. */
export const latency = 50

/** One request that reached a server. Times are epoch milliseconds, with fractions. */
export interface Exchange {
  readonly to: 'op' | 'app'
  readonly name: string
  readonly startedAt: number
  readonly endedAt: number
  readonly status: number
}

/** Now, in epoch milliseconds with fractions. */
export const epochNow = (): number => performance.timeOrigin + performance.now()

/** What reached the servers since it was last cleared, in the order of the answers. */
export class Traffic {
  exchanges: Exchange[] = []
  underWay = 0

  clear(): void {
    this.exchanges = []
  }

  /** Waits until no request has come for a while. */
  async settle(milliseconds = 120): Promise<void> {
    for (let quietSince = epochNow(); epochNow() - quietSince < milliseconds; ) {
      const { length } = this.exchanges
      await new Promise(resolve => setTimeout(resolve, 20))
      if (this.underWay > 0 || this.exchanges.length > length) quietSince = epochNow()
    }
  }
}

/** The longest chain of requests that had to wait for one another: each begins after the one before has ended. */
export function roundTrips(exchanges: readonly Exchange[]): number {
  let trips = 0
  let freeAt = Number.NEGATIVE_INFINITY
  for (const { startedAt, endedAt } of exchanges.toSorted((a, b) => a.endedAt - b.endedAt)) {
    if (startedAt < freeAt) continue
    freeAt = endedAt
    trips++
  }
  return trips
}

/** A name for a request to the OP, by its path. */
export function opRequestName(method: string, path: string): string {
  if (method === 'OPTIONS') return 'preflight'
  if (path.startsWith('/.well-known/')) return 'discovery'
  if (path.startsWith('/interaction/')) return 'login'
  if (/^\/auth\/[\w-]+$/.test(path)) return 'resume'
  return { '/auth': 'authorize', '/token': 'token', '/jwks': 'jwks', '/me': 'userinfo' }[path] ?? path
}

/** A name for a request to an app, by its path and by what the browser wants it for. */
export function appRequestName(path: string, destination: string | undefined): string {
  const frame = destination === 'iframe' ? ' in frame' : ''
  if (path === '/') return `app${frame}`
  if (path.endsWith('callback.html')) return `callback${frame}`
  return path.endsWith('.js') ? `script${frame}` : path
}
