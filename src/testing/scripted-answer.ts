/** Answers in JSON, which are never kept, and which say what time it is by the script's clock. */
export function jsonAnswer(
  status: number,
  body: object,
  now: number,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const usual = {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    Date: new Date(now * 1000).toUTCString(),
  }
  return new Response(JSON.stringify(body), { status, headers: { ...usual, ...headers } })
}
