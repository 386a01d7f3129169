import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startOp } from '../../support/op.ts'
import { type Introspection, startIntrospection } from '../flood/introspection.ts'
import { clientId } from './plan.ts'

/** The OP of the run. */
export interface AttackOp {
  readonly issuer: string
  /**
   * In place of a login page, `GET ?sub=…&nonce=…&ago=…`: the ID Token of a person who signed in `ago` seconds ago. It
   * has a nonce only if one is given.
   */
  readonly mint: string
  readonly introspection: Introspection
  readonly expiredIdToken: string
  close(): Promise<void>
}

const now = (): number => Math.floor(Date.now() / 1000)
/** Milliseconds that the OP takes to introspect a token. */
const introspectionTime = 300

/** @param audience of its access tokens */
export async function startAttackOp(audience: string): Promise<AttackOp> {
  const op = await startOp(now)
  const introspection = await startIntrospection(audience, introspectionTime)
  const server = createServer(async (request, response) => {
    const asked = new URL(request.url ?? '', op.issuer).searchParams
    const { ago, ...claims } = Object.fromEntries(asked)
    response.end(await op.mint({ aud: clientId, ...claims, auth_time: now() - Number(ago) }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    issuer: op.issuer,
    mint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    introspection,
    expiredIdToken: await op.mint({ sub: 'mallory', iat: now() - 900, exp: now() - 600 }),
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      await introspection.close()
      await op.close()
    },
  }
}
