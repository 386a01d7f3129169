import type { ProviderProfile } from '../../core/provider-profile.ts'
import { createGate } from '../http/limits.ts'
import { problem } from '../http/problem.ts'
import { denied } from '../http/refusal.ts'
import { createReportFew } from '../provider/report-few.ts'
import { isText } from '../setup/need.ts'
import { ask, ClientRefusedError } from './answers.ts'
import { createAuthentication } from './authentication.ts'
import { type Approach, authorizationRequest } from './authorization-request.ts'
import { createEndpoints, type EndpointOptions } from './endpoints.ts'
import type { StepUpClientSetup } from './options.ts'

/** What the OP has put by. */
export interface PushedRequest {
  readonly requestUri: string
  /** Seconds. */
  readonly expiresIn: number
}

/** What is kept of a token response. The tokens for APIs are dropped. */
export interface RedeemedCode {
  readonly idToken: string
  /** As it came. */
  readonly details: unknown
}

/** The guard's own client at the OP. All but `isPushed` throw a 503 `Refusal` when the OP fails. */
export interface StepUpClient {
  readonly clientId: string
  readonly isRequired: boolean
  /** Whether the OP takes pushed requests. Under `preferred`, an OP that does not answer takes none. */
  readonly isPushed: () => Promise<boolean>
  /** @throws why the client cannot be used */
  readonly ready: () => Promise<void>
  readonly push: (approach: Approach) => Promise<PushedRequest>
  /** @throws {Refusal} 403 `invalid_token` for a code that the OP does not redeem */
  readonly redeem: (code: string, verifier: string) => Promise<RedeemedCode>
  /** Whether the OP says that its authorization responses always have `iss`. @see RFC 9207 §3 */
  readonly sendsIssuer: () => Promise<boolean>
}

export interface StepUpClientParts extends Omit<EndpointOptions, 'pushed'> {
  readonly profile: ProviderProfile
  /** How many requests may wait for the OP at once. Any more get 503. */
  readonly maxWaiting: number
}

/** Makes the client. It asks the OP nothing before it is needed. @see RFC 9126, RFC 6749 §4.1.3, RFC 7636 */
export function createStepUpClient(client: StepUpClientSetup, parts: StepUpClientParts): StepUpClient {
  const isRequired = client.pushed === 'required'
  const endpoints = createEndpoints({ ...parts, pushed: client.pushed })
  const authentication = createAuthentication(client, parts.issuer, parts.now)
  const gate = createGate(parts.maxWaiting)
  const reportFew = createReportFew(parts)

  const send = async (
    url: URL,
    form: Readonly<Record<string, string>>,
    what: string,
  ): Promise<Record<string, unknown>> => ask(parts, url, await authentication.authenticate(form), what)

  async function push(approach: Approach): Promise<PushedRequest> {
    const { push: url, metadata } = await endpoints.find()
    if (!url) throw new Error('The OP has no endpoint for pushed requests any more')
    const request = authorizationRequest(approach, client, parts.profile, metadata)
    const { request_uri: requestUri, expires_in } = await send(url, request, 'the pushed request')
    if (!isText(requestUri)) throw new Error('The OP answered the pushed request without a request_uri')
    const isAge = typeof expires_in === 'number' && expires_in >= 0
    return { requestUri, expiresIn: isAge ? Math.floor(expires_in) : 0 }
  }

  async function redeem(code: string, code_verifier: string): Promise<RedeemedCode> {
    const { token: url } = await endpoints.find()
    const { redirectUri: redirect_uri } = client
    const form = { grant_type: 'authorization_code', code, redirect_uri, code_verifier }
    const answer = await send(url, form, 'the code').catch(error => {
      if (!(error instanceof ClientRefusedError) || error.error !== 'invalid_grant') throw error
      throw denied('invalid_token', problem('the code', 'is not redeemed by the OP (invalid_grant)'))
    })
    const { id_token: idToken, authorization_details: details } = answer
    if (!isText(idToken)) throw new Error('The OP answered the code without an id_token')
    return { idToken, details }
  }

  return {
    ...{ clientId: client.clientId, isRequired },
    async isPushed() {
      const found = await endpoints.find().catch(error => {
        if (isRequired) throw error
        return undefined
      })
      return found?.push !== undefined
    },
    async ready() {
      await authentication.ready()
      await endpoints.find().catch(error => Promise.reject(endpoints.failure() ?? error))
    },
    push: approach => gate(() => reportFew(push(approach))),
    redeem: (code, verifier) => gate(() => reportFew(redeem(code, verifier))),
    sendsIssuer: async () =>
      (await endpoints.find()).metadata.authorization_response_iss_parameter_supported === true,
  }
}
