import { config } from '../config.ts'
import { digest, pushOwnRequest } from './own-request.ts'
import type { Tampering } from './tampering.ts'

export type Json = Readonly<Record<string, unknown>>

/** What a call of the page is: Ask, Push or Prove, or the approval with its grant. */
export type Step = 'ask' | 'push' | 'prove' | 'use'

/** Gets each call of an approval instead of the bank, and gives the page an answer. */
export type Attack = (
  call: { readonly step: Step; readonly body: Json },
  send: (body: Json) => Promise<Json>,
) => Promise<Json>

/** What the script knows of the payment that is approved: it has read the page's own calls. */
let asked: Json = {}
let challenged: Json = {}

const more = (payment: Json): Json => ({ ...payment, cents: Number(payment.cents) + 900_000 })

/** By the name of what the script does. */
export const attacks: Readonly<Record<Exclude<Tampering, 'off'>, Attack>> = {
  // The page then takes the way without the bank: it asks the OP itself, and has no `prompt` to send.
  'strip-prompt': async ({ step, body }, send) => {
    const answer = await send(body)
    if (step !== 'ask') return answer
    const { prompt: _, max_age: __, pushed: ___, ...rest } = answer
    return rest
  },

  'change-amount': ({ step, body }, send) => send(step === 'use' ? more(body) : body),

  'ask-for-more': async ({ step, body }, send) => {
    if (step === 'use') return send(more(body))
    if (step !== 'ask') return send(body)
    const context = more(Object(body.context))
    const honest = await send(body)
    const answer = await send({ ...body, context, context_hash: await hashOf(context) })
    return { ...answer, display: honest.display }
  },

  'swap-requests': async ({ step, body }, send) => {
    if (step === 'ask') asked = body
    if (step !== 'push') return send(body)
    const context = { id: 'harbour', cents: 184_000, to: 'Harbour Insurance' }
    const other = await send({ ...asked, context, context_hash: await hashOf(context) })
    return send({ challenge: other.challenge })
  },

  'own-request': async ({ step, body }, send) => {
    const answer = await send(body)
    if (step === 'ask') challenged = answer
    if (step !== 'push') return answer
    const request_uri = await pushOwnRequest(config, String(challenged.nonce), String(answer.state))
    return { ...answer, client_id: config.clientId, request_uri }
  },
}

/** The hash of a context, as the package makes it for a flat object (RFC 8785). */
const hashOf = (context: Json): Promise<string> =>
  digest(JSON.stringify(context, Object.keys(context).sort()))
