/** An answer before it becomes a `Response`, which can be sent only once. */
export interface Answer {
  readonly status: number
  readonly body?: object | undefined
  readonly headers: Readonly<Record<string, string>>
  /** `Set-Cookie` lines. Default: none. */
  readonly cookies?: readonly string[]
}

/** Makes the `Response`. No cache may keep it, because it is about one person and one moment. */
export function toResponse({ status, body, headers, cookies = [] }: Answer): Response {
  const fixed = { 'Cache-Control': 'no-store', ...headers }
  // Not Response.json, because servers for Node send text faster.
  const response = body
    ? new Response(JSON.stringify(body), {
        status,
        headers: { 'Content-Type': 'application/json', ...fixed },
      })
    : new Response(null, { status, headers: fixed })
  for (const cookie of cookies) response.headers.append('Set-Cookie', cookie)
  return response
}
