/** What to answer, before it becomes a `Response`: one of those can be sent only once. */
export interface Answer {
  readonly status: number
  readonly body?: object | undefined
  readonly headers: Readonly<Record<string, string>>
}

/** Every answer is about one person and one moment, so none may be kept. */
export function toResponse({ status, body, headers }: Answer): Response {
  const fixed = { 'Cache-Control': 'no-store', ...headers }
  if (!body) return new Response(null, { status, headers: fixed })
  // Not Response.json: servers for Node have a shorter way for text.
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json', ...fixed },
  })
}
