import type { Interaction, InteractionPolicy } from 'oidc-provider'
import type { Step } from './interactions.ts'
import { interactionPolicy } from './library.ts'

/** The client's own mapping of `acr` values to levels of authentication. The names are the documentation's examples. */
export const levels: Readonly<Record<string, readonly Step[]>> = {
  silver: ['password'],
  gold: ['password', 'code'],
}

type Params = Interaction['params']

/** When Keycloak asks the person. */
export function keycloakPolicy(): InteractionPolicy {
  const { Check, Prompt, base } = interactionPolicy
  const policy = base()
  policy.add(new Prompt({ name: 'create', requestable: true }), 0)
  const checks = policy.get('login')?.checks
  for (const reason of ['essential_acrs', 'essential_acr']) checks?.remove(reason)
  checks?.add(
    new Check(
      'level',
      'A higher level of authentication is needed',
      'interaction_required',
      ({ oidc: { params, result, acr } }) =>
        result?.login === undefined && wanted(params) === 'gold' && acr !== 'gold',
    ),
  )
  return policy
}

const essential = ({ claims }: Params): readonly string[] => {
  const { essential: must, value, values = [value] } = JSON.parse(claims ?? '{}').id_token?.acr ?? {}
  return must === true ? values.map(String) : []
}

/** Whether the request insists on a level that does not exist. */
export const unknownEssential = (params: Params): boolean =>
  essential(params).some(value => !Object.hasOwn(levels, value))

/** The lowest of the requested levels. */
export function wanted(params: Params): string | undefined {
  const asked = [...essential(params), ...(params.acr_values?.split(' ') ?? [])]
  return Object.keys(levels).find(value => asked.includes(value))
}
