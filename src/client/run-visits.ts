import { type AnyAuthError, InteractionCancelledError } from '../core/errors.ts'
import type { Effect } from '../core/machine/effects.ts'
import type { Ladder } from '../core/machine/interaction.ts'
import type { TokenSet } from '../core/tokens.ts'
import { unreachable } from '../core/unreachable.ts'
import type { Browser } from '../op/browser.ts'
import type { PushedResponse } from '../op/pushed-request.ts'
import { canLeaveWith } from '../op/redirects.ts'
import type { ClientContext } from './context.ts'
import { completeRequest } from './session/complete-request.ts'
import {
  type Errand,
  type PushedVisitRequest,
  purposeOf,
  type RunningVisit,
  type VisitAround,
  type VisitRequest,
  visitByRedirect,
  visitInPopup,
} from './visit-windows.ts'

export type VisitEffect = Extract<Effect, { type: `window.${string}` | 'visit.settle' }>

export interface Visits {
  /** Starts one; the popup of a sign-in opens within this call. Settles exactly once, when it is over. */
  start(request: VisitRequest): Promise<TokenSet>
  /** The same for a request that the backend sends. */
  startPushed(request: PushedVisitRequest): Promise<PushedResponse>
  run(effect: VisitEffect): void
}

/** Executes what the state machine says about windows, and tells it what became of them. */
export function createVisits(context: ClientContext): Visits {
  const { browser, options, vault, machine, disposed } = context
  const { dispatch } = machine
  const running = new Map<string, RunningVisit>()

  const settle = (id: string, visit: RunningVisit, error: AnyAuthError | null): void => {
    running.delete(id)
    visit.over.abort()
    if (error) visit.reject(error)
    else if (visit.errand.brings === 'tokens')
      visit.errand.resolve(visit.errand.tokens ?? (vault.current as TokenSet))
    else if (visit.errand.response) visit.errand.resolve(visit.errand.response)
    else visit.reject(new InteractionCancelledError('superseded'))
  }

  const begin = (request: VisitAround, errand: Errand, reject: (error: AnyAuthError) => void): void => {
    const id = crypto.randomUUID()
    const { goal, signal } = request
    const aborted = new InteractionCancelledError('aborted')
    if (signal?.aborted || disposed.aborted) return void reject(aborted)
    const ladder = request.ladder ?? possibleOf(browser, options.interaction(), request)
    const abort = (): void => dispatch({ type: 'interaction.failed', id, error: aborted })
    const over = new AbortController()
    running.set(id, { ...request, errand, reject, stop: () => {}, show: () => false, over })
    dispatch({ type: 'visit.requested', id, goal, ladder })
    if (signal?.aborted) abort()
    else signal?.addEventListener('abort', abort, { signal: over.signal })
  }

  return {
    start: ({ request, ...around }) =>
      new Promise((resolve, reject) => {
        const ask: VisitRequest['request'] = async stopped => completeRequest(await request(stopped), options)
        begin(around, { brings: 'tokens', request: ask, resolve }, reject)
      }),

    startPushed: ({ push, ...around }) =>
      new Promise((resolve, reject) => begin(around, { brings: 'response', push, resolve }, reject)),

    run: effect => {
      const { id } = effect
      const visit = running.get(id)
      if (!visit) return
      switch (effect.type) {
        case 'window.open':
          return void visitInPopup(context, id, visit)
        case 'window.show':
          if (visit.show()) return
          visit.stop()
          return void visitInPopup(context, id, visit)
        case 'window.redirect':
          return void visitByRedirect(context, id, visit)
        case 'window.close':
          return visit.stop()
        case 'visit.settle':
          return settle(id, visit, effect.error)
        default:
          unreachable(effect)
      }
    },
  }
}

/** A redirect comes last where this tab cannot keep what the page must know when it is back. */
function possibleOf(browser: Browser, ladder: Ladder, request: VisitAround): Ladder {
  const [first, second, ...others] = ladder
  if (first === 'popup' || second === undefined || canLeaveWith(browser, purposeOf(request))) return ladder
  return [second, ...others, first]
}
