import type { ProveRequest } from '../../core/wire.ts'
import { takeRedirectResponse } from '../../op/redirects.ts'
import type { ClientContext } from '../context.ts'
import type { Purpose } from '../redirect-purpose.ts'
import { findSession } from './find-session.ts'
import { handleRedirectReturn, type RedirectReturn } from './redirect-return.ts'

/**
 * Finds out who is signed in when the page loads: by the redirect it comes back from, else in silence.
 *
 * @returns the proof of a step-up that came back by redirect, for when the person confirms it
 */
export async function restoreAtLoad(
  context: ClientContext,
  run: (work: () => Promise<void>) => Promise<void>,
): Promise<ProveRequest | null> {
  const { browser, options, machine } = context
  let proof: ProveRequest | null = null
  await run(async () => {
    const response = takeRedirectResponse<Purpose>(browser, options.issuer, options.clientId)
    const returned: RedirectReturn = response ? await handleRedirectReturn(context, response) : {}
    proof = returned.proof ?? null
    const purpose = response?.departure.purpose
    const { error: failure, isNone } = returned
    const code = proof && 'code' in proof ? proof : undefined
    await findSession(context, { mayLeave: () => true, purpose, failure, isNone, proof: code })
  })
  // Warms the cache, so that the sign-in's way back costs no request.
  if (machine.store.getState().session.status === 'anonymous')
    browser.fetch(options.callbackUrl).catch(() => {})
  return proof
}
