import type { Account } from '../core/account.ts'
import { defined } from '../core/defined.ts'
import { type AuthError, InteractionCancelledError } from '../core/errors.ts'
import type { Interaction } from '../core/machine/state.ts'
import type { AuthEffect } from '../core/machine/transition.ts'
import type { AuthorizationRequest, TokenSet } from '../core/tokens.ts'
import { asAuthError } from '../op/errors.ts'
import { exchange, patience } from '../op/exchange.ts'
import { openPopup } from '../op/popup.ts'
import { depart } from '../op/redirects.ts'
import type { ClientContext } from './context.ts'
import type { AuthLogEvent } from './log.ts'

/** Something that a person does at the OP, seen or unseen by the state machine's rules. */
export interface InteractionRequest {
  readonly kind: Interaction['kind']
  readonly action: string
  /** The trigger's, if one asks. */
  readonly reason?: string | undefined
  readonly expected: Account | null
  /** Read when the window opens: until then others may join. The signal is aborted when it is needed no more. */
  readonly request: (signal: AbortSignal) => AuthorizationRequest | Promise<AuthorizationRequest>
  /** Where a full-page redirect comes back to; absolute. */
  readonly returnTo: string
  /** What to tell the page that a full-page redirect comes back to; JSON. */
  readonly purpose: unknown
  readonly signal?: AbortSignal | undefined
  /** Called when a window opens or the page is about to leave. */
  readonly onWindow?: () => void
}

interface Running extends InteractionRequest {
  readonly resolve: (tokens: TokenSet) => void
  readonly reject: (error: AuthError) => void
  stop: () => void
  /** Aborted when it is over, so that nothing stays on the caller's signal. */
  readonly over: AbortController
  tokens?: TokenSet
}

type WindowEffect = Extract<AuthEffect, { type: `window.${string}` | 'interaction.settle' }>

export interface Interactions {
  /** Starts one; the popup of a sign-in opens within this call. Settles exactly once, when it is over. */
  start(request: InteractionRequest): Promise<TokenSet>
  perform(effect: WindowEffect): void
}

/** Executes what the state machine says about windows, and tells it what became of them. */
export function createInteractions({
  options,
  op,
  vault,
  machine,
  log: logger,
}: ClientContext): Interactions {
  const { dispatch } = machine
  const running = new Map<string, Running>()
  const log = (type: AuthLogEvent['type']): void => logger({ type })
  const fail = (id: string, error: AuthError): void => dispatch({ type: 'interaction.failed', id, error })

  const open = async (id: string, interaction: Running): Promise<void> => {
    const popup = openPopup(how => {
      log('popup.closed')
      if (how === 'lost') dispatch({ type: 'popup.lost', id })
      else fail(id, new InteractionCancelledError('window_closed'))
    })
    if (!popup) {
      log('popup.blocked')
      return dispatch({ type: 'popup.blocked', id })
    }
    log('popup.opened')
    interaction.onWindow?.()
    const attempt = new AbortController()
    interaction.stop = () => {
      attempt.abort()
      popup.close()
    }
    try {
      const request = await interaction.request(attempt.signal)
      if (attempt.signal.aborted) return
      const { tokens, shortfall } = await exchange(op, popup, request, patience, attempt.signal)
      if (attempt.signal.aborted) return
      // A sign-in that falls short has failed; of a step-up the backend is the judge.
      if (shortfall && interaction.kind !== 'step_up') throw shortfall
      interaction.tokens = tokens
      const signedIn = vault.put(id, tokens)
      dispatch({ type: 'interaction.answered', id, signedIn, sufficient: shortfall === null })
    } catch (error) {
      if (!attempt.signal.aborted) fail(id, asAuthError(error))
    }
  }

  const leave = async (id: string, interaction: Running): Promise<void> => {
    const { issuer, clientId } = options
    const { returnTo, purpose } = interaction
    const attempt = new AbortController()
    interaction.stop = () => attempt.abort()
    try {
      const request = await interaction.request(attempt.signal)
      if (attempt.signal.aborted) return
      const transaction = await op.begin(request)
      if (attempt.signal.aborted) return
      interaction.onWindow?.()
      log('redirect.started')
      await depart(transaction.state, transaction.url, { issuer, clientId, returnTo, transaction, purpose })
      fail(id, new InteractionCancelledError('navigated'))
    } catch (error) {
      fail(id, asAuthError(error))
    }
  }

  return {
    start: interaction =>
      new Promise((resolve, reject) => {
        const id = crypto.randomUUID()
        const { kind, action, reason, expected, signal } = interaction
        const abort = (): void => fail(id, new InteractionCancelledError('aborted'))
        const over = new AbortController()
        running.set(id, { ...interaction, resolve, reject, stop: () => {}, over })
        const asked = { id, kind, action, expected, ladder: options.interaction(), ...defined({ reason }) }
        dispatch({ type: 'interaction.requested', ...asked })
        if (signal?.aborted) abort()
        else signal?.addEventListener('abort', abort, { signal: over.signal })
      }),

    perform: effect => {
      const interaction = running.get(effect.id)
      if (!interaction) return
      switch (effect.type) {
        case 'window.open':
          return void open(effect.id, interaction)
        case 'window.redirect':
          return void leave(effect.id, interaction)
        case 'window.close':
          return interaction.stop()
        case 'interaction.settle':
          running.delete(effect.id)
          interaction.over.abort()
          if (effect.error) interaction.reject(effect.error)
          else interaction.resolve(interaction.tokens ?? (vault.current as TokenSet))
      }
    },
  }
}
