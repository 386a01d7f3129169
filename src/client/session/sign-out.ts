import type { AnonymousReason } from '../../core/machine/state.ts'
import { resolveReturnTo } from '../../core/return-to.ts'
import type { ClientContext } from '../context.ts'
import { logFailure } from '../failure.ts'
import { leavePage } from '../leave-page.ts'

export interface SignOut {
  /** Ends the session in every tab at once, whatever the network does. Settles when the tokens are revoked, or cannot be. */
  closeSession(reason: AnonymousReason): Promise<void>
  /** Does the same, then leaves the page to end the OP's session. */
  signOut(options: { readonly returnTo?: string | undefined }): Promise<void>
}

export function createSignOut(context: ClientContext): SignOut {
  const { op, vault, machine, tabs, browserSession, log } = context
  const { page } = context.browser
  const closeSession = async (reason: AnonymousReason): Promise<void> => {
    const { current } = vault
    // It keeps a reload from bringing the session back.
    browserSession.close()
    const { epoch } = browserSession
    machine.dispatch({ type: 'session.ended', reason })
    tabs.send({ type: 'ended', reason, epoch })
    if (current)
      await logFailure(log, failure => ({ type: 'revocation.failed', ...failure }), op.revoke(current)).catch(
        () => {},
      )
  }

  const signOut: SignOut['signOut'] = async ({ returnTo = page.href }) => {
    const target = resolveReturnTo(returnTo, page.origin)
    const { current } = vault
    const revoked = closeSession('signed_out')
    if (!current) return
    const isOvertaken = watchForSignIn(context)
    const request = await op.beginSignOut(current.idToken)
    await revoked
    // The OP would end the session of the person who has signed in meanwhile.
    if (!request || isOvertaken()) return
    const purpose = { kind: 'sign_out' } as const
    await leavePage(context, request, { returnTo: target, transaction: null, purpose })
  }

  return { closeSession, signOut }
}

/** Tells whether a sign-in has begun since, here or in another tab. */
export function watchForSignIn({ machine, browserSession }: ClientContext): () => boolean {
  const { epoch } = browserSession
  return () => {
    const { session, interactions } = machine.store.getState()
    const isIdle = session.status === 'anonymous' && interactions.length === 0
    return !isIdle || browserSession.epoch !== epoch || browserSession.status !== 'closed'
  }
}
