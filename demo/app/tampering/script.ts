import { type Attack, attacks, type Json, type Step } from './attacks.ts'
import { tampering } from './tampering.ts'

/**
 * Puts itself between the page and the bank, as a script can that somebody got into the page. It sees and changes all that
 * the page sends and gets. It cannot reach the bank's server, nor the pages of the OP.
 */
export function installScript(): void {
  const send = window.fetch
  window.fetch = async (input, init) => {
    const chosen = tampering()
    if (chosen === 'off') return send(input, init)
    const request = new Request(input, init)
    const body: unknown = await request
      .clone()
      .json()
      .catch(() => null)
    const step = stepOf(request, Object(body))
    if (step === null) return send(request)
    return meddle(attacks[chosen], step, Object(body), request, send)
  }
}

/** Lets the attack make the answer, from as many calls as it likes. */
async function meddle(
  attack: Attack,
  step: Step,
  body: Json,
  request: Request,
  send: typeof fetch,
): Promise<Response> {
  let real: Response | undefined
  const answer = await attack({ step, body }, async sent => {
    real = await send(new Request(request.clone(), { body: JSON.stringify(sent) }))
    return real.json()
  })
  return new Response(JSON.stringify(answer), { status: real?.status ?? 200, headers: real?.headers ?? {} })
}

function stepOf({ url, method, headers }: Request, body: Json): Step | null {
  const { origin, pathname } = new URL(url)
  if (origin !== location.origin || method !== 'POST') return null
  if (/^\/api\/payments\/\w+\/approve$/.test(pathname)) return headers.has('Step-Up-Grant') ? 'use' : null
  if (pathname !== '/api/freshness') return null
  if (body.action !== undefined) return body.action === 'payment.approve' ? 'ask' : null
  return 'code' in body || 'id_token' in body ? 'prove' : 'push'
}
