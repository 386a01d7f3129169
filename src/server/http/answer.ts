/** What to answer, before it becomes a `Response`: one of those can be sent only once. */
export interface Answer {
  readonly status: number
  readonly body?: object | undefined
  readonly headers: Readonly<Record<string, string>>
  /** `Set-Cookie` lines. Default: none. */
  readonly cookies?: readonly string[]
}

/** Every answer is about one person and one moment, so none may be kept. */
export function toResponse({ status, body, headers, cookies = [] }: Answer): Response {
  const fixed = { 'Cache-Control': 'no-store', ...headers }
  // Not Response.json: servers for Node have a shorter way for text.
  const response = body
    ? new Response(JSON.stringify(body), {
        status,
        headers: { 'Content-Type': 'application/json', ...fixed },
      })
    : new Response(null, { status, headers: fixed })
  for (const cookie of cookies) response.headers.append('Set-Cookie', cookie)
  return response
}
