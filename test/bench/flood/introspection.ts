import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A token that the endpoint calls good. It names its person and the DPoP key that it is bound to. */
export const goodToken = (sub: string, jkt: string): string => `good.${sub}.${jkt}`

/** An OP's introspection endpoint (RFC 7662) on this machine. */
export interface Introspection {
  readonly url: string
  /** How often it was asked. */
  readonly asked: number
  close(): Promise<void>
}

/**
 * Starts an endpoint that calls every `goodToken` active and everything else inactive.
 *
 * @param audience what a good token is good for
 * @param milliseconds how long every answer takes
 */
export async function startIntrospection(audience: string, milliseconds: number): Promise<Introspection> {
  let asked = 0
  const server = createServer(async (request, response) => {
    asked++
    let form = ''
    for await (const chunk of request) form += chunk
    const [kind, sub, jkt] = new URLSearchParams(form).get('token')?.split('.') ?? []
    const answer = kind === 'good' ? { active: true, aud: audience, sub, cnf: { jkt } } : { active: false }
    setTimeout(
      () => response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer)),
      milliseconds,
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/introspect`,
    get asked() {
      return asked
    },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
