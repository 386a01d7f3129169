import type { Script } from './script.ts'

/** Answers in JSON. */
export type Answer = (status: number, body: object, headers?: Readonly<Record<string, string>>) => Response

/** Makes answers that are never kept, and that say what time it is by the script's clock. */
export function createAnswer({ now }: Pick<Script, 'now'>): Answer {
  return (status, body, headers = {}) =>
    new Response(JSON.stringify(body), {
      status,
      headers: {
        'Content-Type': 'application/json',
        'Cache-Control': 'no-store',
        Date: new Date(now() * 1000).toUTCString(),
        ...headers,
      },
    })
}

/** What a proxy says in place of what is behind it. */
export function proxyAnswer(): Response {
  const body = '<!doctype html><title>Bad gateway</title>'
  return new Response(body, { status: 502, headers: { 'Content-Type': 'text/html' } })
}
