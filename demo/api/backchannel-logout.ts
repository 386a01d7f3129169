import type { Hono } from 'hono'
import { answer, type Caller } from './access-token.ts'
import type { BankGuard } from './guard.ts'
import type { Sessions } from './sessions.ts'

/** What the logout needs. */
export interface BackchannelLogoutOptions {
  readonly guard: Pick<BankGuard, 'verifyLogoutToken'>
  readonly sessions: Pick<Sessions, 'end'>
}

/**
 * Adds the address that the OP calls, not the page: a session has ended there, so it ends here as well.
 *
 * @see OpenID Connect Back-Channel Logout 1.0 §2.5
 */
export function addBackchannelLogout(app: Hono<Caller>, { guard, sessions }: BackchannelLogoutOptions): void {
  app.post('/backchannel-logout', async c => {
    const { sid } = await guard.verifyLogoutToken(c.req.raw)
    // Without it, all sessions of the person would have ended. Our OP was told to name one each time.
    if (sid === undefined) throw answer(400, 'invalid_request')
    await sessions.end(sid)
    return c.body(null, 200, { 'Cache-Control': 'no-store' })
  })
}
