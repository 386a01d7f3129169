import type { Context, InteractionPolicy } from 'oidc-provider'
import { byRequest, entraScopes } from './entra-apis.ts'
import { readFactors } from './factors.ts'
import { interactionPolicy } from './library.ts'
import { redirectError } from './location.ts'

/** The authentication context that the tenant's Conditional Access answers with a second factor. */
export const strongContext = 'c1'

/** When Entra asks the person. */
export function entraPolicy(): InteractionPolicy {
  const { Check, Prompt, base } = interactionPolicy
  const policy = base()
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 0)
  policy
    .get('login')
    ?.checks.add(
      new Check(
        'acrs',
        'Conditional Access demands a second factor',
        'interaction_required',
        ({ oidc: { params, result, session } }) =>
          params.acrs === strongContext &&
          result?.login === undefined &&
          !readFactors(session.amr).has('mfa'),
      ),
    )
  return policy
}

/**
 * Reads an authorization request as Entra does, and notes the nonces of those for a refresh token. False when it has
 * been refused.
 */
export function readRequest(ctx: Context, offline: Set<unknown>): boolean {
  const params = new URLSearchParams(ctx.querystring)
  if (params.get('prompt')?.includes('select_account') && params.has('login_hint')) {
    redirectError(ctx, '', { error: 'invalid_request', error_description: 'AADSTS: login_hint excludes it' })
    return false
  }
  for (const name of ['max_age', 'acr_values', 'acrs']) params.delete(name)
  if (wantsStrongContext(params.get('claims') ?? '{}')) params.set('acrs', strongContext)
  const asked = params.get('scope')?.split(' ') ?? []
  if (asked.includes('offline_access')) offline.add(params.get('nonce'))
  // A refresh token is good for all APIs, so the library has to grant them all.
  params.delete('resource')
  for (const { identifier } of byRequest(asked)) params.append('resource', identifier)
  params.set('scope', [...new Set([...asked, ...Object.values(entraScopes)])].join(' '))
  ctx.querystring = params.toString()
  return true
}

function wantsStrongContext(claims: string): boolean {
  const { id_token, access_token } = JSON.parse(claims)
  return [id_token, access_token].some(token => {
    const { value, values = [value] } = token?.acrs ?? {}
    return values.includes(strongContext)
  })
}
