import type { BrowserContext } from '@playwright/test'

/** Whose access tokens the pages send: the `sub` of each request that has one. */
export function watchTokens(context: BrowserContext): string[] {
  const sent: string[] = []
  context.on('request', request => {
    const [, payload] = /^Bearer [\w-]+\.([\w-]+)\./.exec(request.headers().authorization ?? '') ?? []
    if (payload !== undefined) sent.push(JSON.parse(Buffer.from(payload, 'base64url').toString()).sub)
  })
  return sent
}
