import type { Context, Grant } from 'oidc-provider'

/** Grants whatever the client may ask for: first-party apps need no consent screen. */
export async function loadExistingGrant(ctx: Context): Promise<Grant> {
  const { oidc } = ctx
  const { Grant } = oidc.provider
  const id = oidc.session.grantIdFor(oidc.client.clientId)
  const found = id === undefined ? undefined : await Grant.find(id)
  const grant = found ?? new Grant({ accountId: oidc.account.accountId, clientId: oidc.client.clientId })
  grant.addOIDCScope([...oidc.requestParamOIDCScopes].join(' '))
  grant.addOIDCClaims([...oidc.requestParamClaims])
  for (const [resource, server] of Object.entries(oidc.resourceServers)) {
    const scopes = [...oidc.requestParamScopes].filter(scope => server.scopes.has(scope))
    grant.addResourceScope(resource, scopes.join(' '))
  }
  await grant.save()
  return grant
}
