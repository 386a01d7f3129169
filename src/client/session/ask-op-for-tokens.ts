import { isSameAccount } from '../../core/account.ts'
import type { ApiTarget } from '../../core/api-target.ts'
import { defined } from '../../core/defined.ts'
import {
  type AnyAuthError,
  AuthTimeoutError,
  type ConfigurationError,
  IdTokenError,
  InteractionRequiredError,
  NetworkError,
} from '../../core/errors.ts'
import { accessTokenFor, type SessionTokens, type TokenSet } from '../../core/tokens.ts'
import { withApiToken } from '../../op/api-token.ts'
import { asAuthError, FramesBlockedError, UnansweredError } from '../../op/errors.ts'
import type { Refreshed } from '../../op/openid-provider.ts'
import { frameFor, isCovered } from '../api-targets.ts'
import type { ClientContext } from '../context.ts'
import { notSignedIn } from '../not-signed-in.ts'
import { setUpFault } from './set-up-fault.ts'

type Way = ClientContext['options']['renewal']['via'][number]

/**
 * What the refresh token gives, or else what the OP says in a hidden frame.
 *
 * @param target the API that another access token is wanted for, beside the session's own; null for the session's own
 * @param keepRotated takes the refresh token that is good now, when what came with it is of no use
 * @throws {ConfigurationError} where the OP gives no token for that API as it is set up; else what the last way threw
 */
export async function askOpForTokens(
  context: ClientContext,
  old: SessionTokens,
  target: ApiTarget | null,
  keepRotated: (refreshToken: string) => void,
): Promise<TokenSet> {
  let failure: AnyAuthError = noWayLeft(context, target)
  let fault: ConfigurationError | null = null
  let consent: InteractionRequiredError | null = null
  let refreshed: Refreshed | null = null
  for (const via of waysFor(context, old, target)) {
    try {
      if (via === 'iframe') {
        const tokens = await askFrame(context, old, target)
        return refreshed && !target ? withRefreshToken(tokens, refreshed.tokens) : tokens
      }
      refreshed = await context.op.refresh(old, target)
      const { tokens, unusable } = refreshed
      if (!unusable) return tokens
      if (tokens.refreshToken !== undefined) keepRotated(tokens.refreshToken)
      throw unusable
    } catch (cause) {
      const error = asAuthError(cause)
      // Of what no sign-in has asked for, a refresh token says nothing.
      const isOfSetUp = via === 'iframe' || isAskedFor(context, target)
      const found = setUpFault(context.options, target, error)
      if (found && isOfSetUp) fault ??= found
      else if (!found) failure = error
      if (via === 'iframe' && wantsConsent(error)) consent = error
      // If the OP did not answer, another way will not help. If it refused, another may.
      if (isUnreachable(error)) break
    }
  }
  // An OP that asks for consent knows the API: the sign-in is older than that API's place in `api`.
  if (fault) throw consent ?? fault
  // The next refresh would tell the same. Where no frame answers, only the person can help.
  const moved = refreshed?.unusable instanceof IdTokenError ? refreshed.unusable : null
  throw moved && isSilence(failure) ? moved : failure
}

/** Whether the OP knows who is there, and wants that person's leave. */
function wantsConsent(error: AnyAuthError): error is InteractionRequiredError {
  return error instanceof InteractionRequiredError && error.error !== 'login_required'
}

/** A frame may give no refresh token: then that of the session is still good, unless another person came back. */
function withRefreshToken(tokens: TokenSet, { account, refreshToken }: TokenSet): TokenSet {
  return isSameAccount(tokens.account, account) ? { ...defined({ refreshToken }), ...tokens } : tokens
}

async function askFrame(
  { options, frames, disposed }: ClientContext,
  old: SessionTokens,
  target: ApiTarget | null,
): Promise<TokenSet> {
  const request = { kind: 'renewal', idTokenHint: old.idToken, ...frameFor(options, target) } as const
  const { tokens } = await frames.ask(request, options.timeLimit, disposed)
  const token = accessTokenFor(tokens, target)
  if (!target || !token || !isSameAccount(tokens.account, old.account)) return tokens
  const { refreshToken, ...answer } = { ...tokens, ...token }
  return withApiToken(old, answer, target)
}

function waysFor(context: ClientContext, old: SessionTokens, target: ApiTarget | null): readonly Way[] {
  const { options, frames, browserSession } = context
  const { resourceParam = 'resource' } = options.profile
  // Some OPs use a refresh token up before they refuse what it is not good for.
  const mayRefresh = resourceParam !== 'resource' || isAskedFor(context, target)
  const canUse = (via: Way): boolean =>
    via === 'refresh' ? old.refreshToken !== undefined && mayRefresh : frames.isAllowed
  const ways = options.renewal.via.filter(canUse)
  // A tab that is gone has used this refresh token, and the OP may end the session when it sees it again.
  const isUsed = browserSession.hasNewerThan(old.serial)
  return isUsed ? [...ways.filter(via => via !== 'refresh'), ...ways.filter(via => via === 'refresh')] : ways
}

/** Only the person can help then: with a consent to what no sign-in has asked for, or with a sign-in. */
function noWayLeft(context: ClientContext, target: ApiTarget | null): InteractionRequiredError {
  if (!isAskedFor(context, target)) return new InteractionRequiredError('consent_required')
  return notSignedIn('Only the person can renew the session: there is no other way left')
}

/** Whether every sign-in asks for it. */
function isAskedFor({ options }: ClientContext, target: ApiTarget | null): boolean {
  return target === null || isCovered(options, target)
}

/** The OP is there, but its frame says nothing. */
export function isSilence(error: unknown): boolean {
  return error instanceof UnansweredError || error instanceof FramesBlockedError
}

/** Whether the OP gave no answer at all. A frame that stays silent may be a page that refuses to be framed. */
function isUnreachable(error: AnyAuthError): boolean {
  return (
    error instanceof NetworkError ||
    (error instanceof AuthTimeoutError && !(error instanceof UnansweredError))
  )
}
