import { hasOtherAcr } from '../../core/acr.ts'
import type { ApiTarget } from '../../core/api-target.ts'
import { defined } from '../../core/defined.ts'
import { StepUpUnmetError } from '../../core/errors.ts'
import { accessTokenFor, type TokenSet } from '../../core/tokens.ts'
import { grantHeader } from '../../core/wire.ts'
import type { ClientContext } from '../context.ts'
import type { Renewal } from '../session/renewal.ts'
import { acceptLogin } from './accept-login.ts'
import { type ResourceChallenge, readChallenge } from './challenge.ts'
import type { StepUpParts } from './meet-challenge.ts'
import { throwIfGrantRefused } from './refused-grant.ts'
import type { Turn } from './step-up-queue.ts'
import type { AnswerChallenge, RunningStepUp, Send } from './step-up-types.ts'

/**
 * What is left to do for a request once its turn is over. Its failure is the failure of this one request, and not of
 * the step-ups that joined.
 */
type Finish = () => Promise<Response>

/**
 * What answers a 401 that asks for a fresher or stronger login: the guard's, or a resource server's (RFC 9470, or a
 * claims challenge).
 *
 * @param renew renews an API's access token
 */
export function createAnswerChallenge(
  context: ClientContext,
  parts: StepUpParts,
  renew: Renewal['renew'],
): AnswerChallenge {
  const { browser, options, vault } = context
  return async (request, refused, send, target, subject = ofNoAction()) => {
    const { signal } = request
    const isFromGuard = new URL(request.url).origin === options.guardOrigin
    // The request's own grant was refused. The person is asked again by their next click, and not by the refusal.
    const isRefusedGrant = isFromGuard && request.headers.has(grantHeader)
    const first =
      isRefusedGrant || signal.aborted ? null : await readChallenge(browser.clock, refused, isFromGuard)
    if (!first) return refused
    const before = vault.current
    const finish = await parts.runInTurn<Finish>(first.demand, signal, subject.onStatus, async turn => {
      let challenge = first
      if (turn.waited && vault.current !== before) {
        if (isOfFormerLogin(vault.current, before, target)) await renew(target).catch(() => {})
        const response = await send()
        const next = await readChallenge(browser.clock, response, isFromGuard)
        if (!next) return async () => response
        challenge = next
        turn.retake(next.demand)
      }
      if (challenge.by === 'resource_server')
        return answerServer(context, parts, turn, subject, challenge, send, target)
      const getGrant = await parts.meetChallenge(turn, subject, challenge, signal)
      return async () => {
        const { grant } = await getGrant()
        return throwIfGrantRefused(await send({ grant }))
      }
    })
    return finish()
  }
}

/** Gets the access token of a login that meets the resource server's demand, to send the request again with. */
async function answerServer(
  context: ClientContext,
  { proofs, silent, visitOp }: StepUpParts,
  turn: Turn,
  subject: RunningStepUp,
  challenge: ResourceChallenge,
  send: Send,
  target: ApiTarget | null,
): Promise<Finish> {
  const sendWith = (tokens: TokenSet): Promise<Response> => {
    const { accessToken } = accessTokenFor(tokens, target) ?? {}
    return send(defined({ accessToken }))
  }
  const tokens = await silent.tryLogin(turn.demand, turn.signal, target)
  if (tokens) {
    const response = await sendWith(tokens)
    if (response.status !== 401) acceptLogin(context, tokens)
    const next = await readChallenge(context.browser.clock, response, false)
    if (!next) return async () => response
    turn.retake(next.demand)
  }
  const login = await visitOp(turn, subject, { challenge, target })
  const { acrClaim } = context.options.profile
  if (hasOtherAcr(login.claims, turn.demand.acrValues, acrClaim))
    proofs.tellUnmetAndThrow(subject, new StepUpUnmetError('acr_unmet'))
  const sent = sendWith(login)
  // Requests that wait for this one are sent with the session's token, so they wait until the server has judged this one.
  const isRefused = await sent.then(
    ({ status }) => status === 401,
    () => false,
  )
  if (!isRefused) acceptLogin(context, login)
  return () => sent
}

/** Whether the step-up before has brought a login that this API's access token does not tell of. */
function isOfFormerLogin(
  current: TokenSet | null,
  before: TokenSet | null,
  target: ApiTarget | null,
): boolean {
  const [now, then] = [accessTokenFor(current, target), accessTokenFor(before, target)]
  return current?.idToken !== before?.idToken && now?.accessToken === then?.accessToken
}

/** Of a request outside `stepUp`. */
function ofNoAction(): RunningStepUp {
  return { action: null, input: null, idempotencyKey: crypto.randomUUID(), onStatus: () => {} }
}
