import type { RequestKind } from '../../core/authorization-params.ts'
import { defined } from '../../core/defined.ts'
import type { AuthorizationRequest } from '../../core/tokens.ts'
import type { ResolvedOptions } from '../resolved-options.ts'
import { askForRecentLogin } from './ask-for-recent-login.ts'

const signIns: readonly RequestKind[] = ['sign_in', 'sign_up', 'switch_account']

/** Adds what the client's options ask of a visit to the OP, where the request says nothing else itself. */
export function completeRequest(
  request: AuthorizationRequest,
  { acrValues, prompt, session }: Pick<ResolvedOptions, 'acrValues' | 'prompt' | 'session'>,
): AuthorizationRequest {
  const ofSignIns = signIns.includes(request.kind) ? defined({ acrValues, prompt }) : {}
  return askForRecentLogin({ ...ofSignIns, ...request }, session)
}
