import { defined } from '../../core/defined.ts'
import { StepUpDeniedError, type StepUpUnmetError } from '../../core/errors.ts'
import type { StepUpSubject } from '../../core/machine/interaction.ts'
import { mendOf } from '../../core/mended-by.ts'
import type { ProviderProfile } from '../../core/provider-profile.ts'
import type { Demand } from '../../core/step-up-request.ts'
import type { GrantedAnswer, ProveRequest } from '../../core/wire.ts'
import type { ClientContext } from '../context.ts'
import { acceptLogin } from './accept-login.ts'
import { proveToBackend } from './ask-backend.ts'
import type { SilentStepUp } from './silent-step-up.ts'

/** What proves to the backend that a challenge has been met. */
export interface Proofs {
  /**
   * Proves with the login of a person. The person is told where that will not do.
   *
   * @throws {StepUpDeniedError}, and what `askBackend` throws
   */
  ofLogin(subject: StepUpSubject, proof: ProveRequest, signal?: AbortSignal): Promise<GrantedAnswer>
  /**
   * Proves with what the OP says in silence; null when only the person can help. A refused proof uses nothing up, so
   * the same challenge is still good then.
   */
  silently(
    subject: StepUpSubject,
    challenge: string,
    demand: Demand,
    signal: AbortSignal,
  ): Promise<GrantedAnswer | null>
  /** Tells the person that this account cannot sign in as strongly as needed, and throws the error. */
  tellUnmetAndThrow(subject: StepUpSubject, error: StepUpUnmetError | StepUpDeniedError): never
}

export function createProofs(context: ClientContext, silent: SilentStepUp): Proofs {
  const { options, vault, machine } = context

  const tellUnmetAndThrow: Proofs['tellUnmetAndThrow'] = ({ action, display }, error) => {
    const account = vault.current?.account
    if (account)
      machine.dispatch({
        type: 'step_up.unmet',
        id: crypto.randomUUID(),
        account,
        action,
        ...defined({ display }),
      })
    throw error
  }

  return {
    tellUnmetAndThrow,

    ofLogin: async (subject, proof, signal = new AbortController().signal) => {
      try {
        return await proveToBackend(context, subject.action, proof, signal)
      } catch (error) {
        if (!(error instanceof StepUpDeniedError)) throw error
        const { reason } = error
        if (reason === 'auth_time_missing') throw new StepUpDeniedError(reason, noAuthTime(options.profile))
        if (mendOf(reason) === 'stronger_login') tellUnmetAndThrow(subject, error)
        throw error
      }
    },

    silently: async ({ action }, challenge, demand, signal) => {
      const tokens = await silent.tryLogin(demand, signal)
      if (!tokens) return null
      const proof = { challenge, id_token: tokens.idToken }
      try {
        const granted = await proveToBackend(context, action, proof, signal)
        acceptLogin(context, tokens)
        return granted
      } catch (error) {
        if (error instanceof StepUpDeniedError && mendOf(error.reason) !== 'nothing') return null
        throw error
      }
    },
  }
}

function noAuthTime({ name, authTime }: ProviderProfile): string {
  const known = authTime === 'unknown' ? ', and it is not documented when they do' : ''
  return `ID Tokens of the provider (${name}) do not say when the person signed in${known}`
}
