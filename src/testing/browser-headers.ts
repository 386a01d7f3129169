type Headers = Readonly<Record<string, string>>

/** The cookies that an answer sets, as a browser sends them back. */
export function cookiesOf({ headers }: Response): string {
  const pairs = headers.getSetCookie().map(line => line.split(';')[0] ?? '')
  return pairs.join('; ')
}

/** These headers, with the cookies besides those that are there already. */
export function withCookies(headers: Headers, cookies: string): Headers {
  const name = Object.keys(headers).find(one => one.toLowerCase() === 'cookie') ?? 'Cookie'
  const all = [headers[name], cookies].filter(text => text !== undefined && text !== '')
  return all.length > 0 ? { ...headers, [name]: all.join('; ') } : headers
}

/** A request with these headers, besides its own. @param url a path is one of `http://localhost` */
export function requestWith(headers: Headers, url: string, init: RequestInit = {}): Request {
  const all = new Headers(init.headers)
  for (const [name, value] of Object.entries(headers)) all.set(name, value)
  return new Request(new URL(url, 'http://localhost'), { ...init, headers: all })
}
