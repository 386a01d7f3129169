import { type AuthError, AuthTimeoutError, InteractionRequiredError } from '../../core/errors.ts'
import type { AnonymousReason } from '../../core/machine/state.ts'
import type { ProveRequest } from '../../core/wire.ts'
import { asAuthError } from '../../op/errors.ts'
import { takeRedirectResponse } from '../../op/redirects.ts'
import { tabStorage } from '../browser.ts'
import type { ClientContext } from '../context.ts'
import type { Purpose } from '../redirect-purpose.ts'
import { askOpByRedirect } from './ask-op-by-redirect.ts'
import { handleRedirectReturn, type RedirectReturn } from './redirect-return.ts'
import type { WaitingSession } from './vault.ts'

type Way = ClientContext['options']['renewal']['restore'][number]

export interface Restore {
  /** Finds out who is signed in, once. */
  start(): void
  /** The proof of a step-up that came back by redirect, once; null when there is none, and before `start`. */
  takeProof(): Promise<ProveRequest | null>
}

export function createRestore(context: ClientContext): Restore {
  let restoring: Promise<ProveRequest | null> | null = null
  let isTaken = false
  return {
    start: () => {
      restoring ??= restoreSession(context)
    },
    takeProof: async () => {
      if (!restoring || isTaken) return null
      isTaken = true
      return restoring
    },
  }
}

/**
 * Finds out who is signed in when the page loads: by the redirect it comes back from, else from another tab, this tab's
 * storage, the OP in a hidden frame, or the OP by a full-page redirect. Ends in `authenticated` or `anonymous`,
 * whatever happens.
 *
 * @returns the proof of a step-up that came back by redirect, for when the person confirms it
 */
async function restoreSession(context: ClientContext): Promise<ProveRequest | null> {
  const { options, machine } = context
  const response = takeRedirectResponse<Purpose>(options.issuer, options.clientId)
  const { proof, error }: RedirectReturn = response ? await handleRedirectReturn(context, response) : {}
  // A person who has been found may have to wait until nothing of the former person is left.
  if (isOpen(context)) await findSession(context, error, response?.departure.purpose)
  // Warms the cache, so that the sign-in's way back costs no request.
  if (machine.store.getState().session.status === 'anonymous') fetch(options.callbackUrl).catch(() => {})
  return proof ?? null
}

/** Tries the ways of `renewal.restore`, one after the other. */
async function findSession(
  context: ClientContext,
  failure: AuthError | undefined,
  purpose: Purpose | undefined,
): Promise<void> {
  const { options, machine, lastVisit } = context
  let unknown: AuthError | undefined = failure
  const missing = (reason: AnonymousReason): void =>
    machine.dispatch({ type: 'session.missing', reason, ...(unknown && { error: unknown }) })
  if (lastVisit.read() === 'closed') return missing('signed_out')
  let reason: AnonymousReason = 'login_required'
  for (const way of options.renewal.restore) {
    try {
      const found = await tryWay(context, way, purpose, reason)
      if (found) return machine.dispatch({ type: 'session.found', ...found })
    } catch (cause) {
      const error = asAuthError(cause)
      reason = reasonOf(error)
      if (reason !== 'login_required') unknown ??= error
    }
  }
  // The OP has been asked where its cookies count, and it knows no person.
  if (purpose?.kind === 'restore') lastVisit.write(null)
  missing(reason)
}

/** Whether it is still to be found out who is signed in. */
function isOpen({ machine, disposed }: ClientContext): boolean {
  const { session, interactions } = machine.store.getState()
  return !disposed.aborted && session.status === 'initializing' && interactions.length === 0
}

/** @param reason what the ways before this one ended with */
async function tryWay(
  context: ClientContext,
  way: Way,
  purpose: Purpose | undefined,
  reason: AnonymousReason,
): Promise<WaitingSession | null> {
  const { options, frames, vault, tabs, disposed } = context
  const isAsked = purpose?.kind === 'restore'
  switch (way) {
    case 'tabs': {
      const tokens = await tabs.ask(() => true)
      if (tokens) return vault.keep(tokens, 'tab')
      const kept = await vault.recall()
      return kept && vault.keep(kept, 'storage')
    }
    case 'iframe': {
      if (isAsked || !frames.isAllowed) return null
      const { tokens } = await frames.ask({}, options.timeLimit, disposed)
      return vault.keep(tokens, 'op')
    }
    case 'top-level':
      // Meanwhile the person may have signed in, or be about to: then the page stays.
      if (!isAsked && isOpen(context) && mayLeave(context, reason)) await askOpByRedirect(context, purpose)
      return null
  }
}

/**
 * Whether a full-page redirect could tell more than the hidden frame did: only where the frame's answer may be the
 * browser's doing, only in a browser that had a session, and only once in a tab.
 */
function mayLeave({ options, frames, lastVisit, keys }: ClientContext, reason: AnonymousReason): boolean {
  const isSameHost = new URL(options.issuer).hostname === location.hostname
  const isKnown = isSameHost && reason === 'login_required' && frames.isAllowed
  return !isKnown && lastVisit.read() === 'session' && tabStorage.read(keys.askedTopLevel) === null
}

function reasonOf(error: AuthError): AnonymousReason {
  if (error instanceof AuthTimeoutError) return 'timeout'
  return error instanceof InteractionRequiredError ? 'login_required' : 'failed'
}
