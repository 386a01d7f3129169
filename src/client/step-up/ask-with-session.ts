import { StepUpDeniedError } from '../../core/errors.ts'
import type { AskRequest, GrantedAnswer } from '../../core/wire.ts'
import type { ClientContext } from '../context.ts'
import { acceptLogin } from './accept-login.ts'
import { askAboutAction } from './ask-backend.ts'
import type { AskToken } from './ask-token.ts'
import type { GuardChallenge } from './challenge.ts'
import type { SilentStepUp } from './silent-step-up.ts'

export type AskWithSession = (
  question: Omit<AskRequest, 'id_token'>,
  signal: AbortSignal,
) => Promise<GrantedAnswer | GuardChallenge>

/**
 * Asks the backend about an action with the session's ID Token. Where the backend refuses that token (`invalid_token`),
 * as when the OP has withdrawn the key that signed it, a hidden frame is asked for another one and the backend once
 * more. A refresh token would not do: some OPs give no ID Token for it.
 *
 * @returns what asks. It throws what `askAboutAction` and `askToken` throw; an {AccountMismatchError} when the frame
 * brings another person
 */
export function createAskWithSession(
  context: ClientContext,
  askToken: AskToken,
  silent: SilentStepUp,
): AskWithSession {
  return async (question, signal) => {
    const id_token = await askToken(signal)
    try {
      return await askAboutAction(context, { ...question, id_token }, signal)
    } catch (error) {
      const isTokenRefused = error instanceof StepUpDeniedError && error.reason === 'invalid_token'
      const tokens = isTokenRefused ? await silent.findPerson(signal) : null
      if (!tokens) throw error
      const answer = await askAboutAction(context, { ...question, id_token: tokens.idToken }, signal)
      acceptLogin(context, tokens)
      return answer
    }
  }
}
