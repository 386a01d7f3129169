import type { RequestKind } from '../../core/authorization-params.ts'
import { defined } from '../../core/defined.ts'
import type { AuthorizationRequest } from '../../core/tokens.ts'
import type { ResolvedOptions } from '../resolved-options.ts'

const signIns: readonly RequestKind[] = ['sign_in', 'sign_up', 'switch_account']

/** Adds what the client's options send with every sign-in, where the request says nothing else itself. */
export function withSignInOptions(
  request: AuthorizationRequest,
  { acrValues, prompt }: Pick<ResolvedOptions, 'acrValues' | 'prompt'>,
): AuthorizationRequest {
  return signIns.includes(request.kind) ? { ...defined({ acrValues, prompt }), ...request } : request
}
