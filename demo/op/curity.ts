import type { Interaction } from 'oidc-provider'
import { type FactorTimes, now, readFactors, writeFactors } from './factors.ts'
import type { Step } from './interactions.ts'
import { interactionPolicy } from './library.ts'
import type { OpOverrides } from './op.ts'

/** The form is documented, the authenticators are invented: a password, and a password with a code from a device. */
export const acr = {
  password: 'urn:se:curity:authentication:html-form:html1',
  device: 'urn:se:curity:authentication:totp:totp1',
} as const

/** What Curity's documentation leaves open. */
export interface CurityOptions {
  /** Inferred: which of two authenticators' times is `auth_time`. Default: the older one's. */
  readonly authTime?: 'oldest' | 'newest'
  /**
   * Inferred: the error for an essential `acr` that the OP does not have. Default: `unmet_authentication_requirements`.
   */
  readonly unmet?: 'unmet_authentication_requirements' | 'access_denied'
  /** Inferred: whether discovery lists the `acr` values. Default: true. */
  readonly listsAcrValues?: boolean
}

const authenticators: Readonly<Record<string, readonly Step[]>> = {
  [acr.password]: ['password'],
  [acr.device]: ['password', 'code'],
}

type Params = Interaction['params']

/** Emulates Curity as documented: each authenticator has a time of its own, and `max_age` applies to each. */
export function curity({
  authTime = 'oldest',
  unmet = 'unmet_authentication_requirements',
  listsAcrValues = true,
}: CurityOptions = {}): OpOverrides {
  return {
    configure: configuration => ({
      ...configuration,
      ...(listsAcrValues && { acrValues: Object.values(acr) }),
      interactions: { ...configuration.interactions, policy: policy() },
    }),
    steps: ({ prompt, params, session }) => {
      if (prompt.name === 'consent') return []
      if (wanted(params) === undefined) return { error: unmet }
      if (session?.accountId === undefined || params.prompt === 'login') return required(params)
      return due(params, readFactors(session.amr))
    },
    login: (_, { params, session }, steps) => {
      const isAll = required(params).every(step => steps.includes(step))
      const times = new Map(isAll ? [] : readFactors(session?.amr))
      for (const step of steps) times.set(step, now())
      const used = required(params).map(step => times.get(step) ?? 0)
      return {
        acr: wanted(params) ?? acr.password,
        amr: writeFactors(times),
        ts: Math[authTime === 'oldest' ? 'min' : 'max'](...used),
      }
    },
    idToken: (claims, { login }) => ({ ...claims, acr: login.acr, auth_time: login.authTime }),
  }

  function policy() {
    const { Check } = interactionPolicy
    const policy = interactionPolicy.base()
    const checks = policy.get('login')?.checks
    for (const reason of ['max_age', 'essential_acrs', 'essential_acr']) checks?.remove(reason)
    checks?.add(
      new Check(
        'authenticators',
        'An authenticator has to be used',
        'login_required',
        ({ oidc: { params, session, result } }) =>
          result?.login === undefined &&
          (wanted(params) === undefined || due(params, readFactors(session.amr)).length > 0),
      ),
    )
    return policy
  }
}

/** The first requested `acr` that exists; undefined when an essential one does not exist. */
function wanted({ acr_values: values, claims }: Params): string | undefined {
  const essential: unknown = JSON.parse(claims ?? '{}').id_token?.acr?.values
  const asked = Array.isArray(essential) ? essential.map(String) : (values?.split(' ') ?? [])
  const known = asked.find(value => Object.hasOwn(authenticators, value))
  return known ?? (Array.isArray(essential) ? undefined : acr.password)
}

const required = (params: Params): readonly Step[] => authenticators[wanted(params) ?? ''] ?? []

/** The required authenticators that were not used, or were used too long ago. */
function due(params: Params, times: FactorTimes): readonly Step[] {
  const maxAge = params.max_age === undefined ? Number.POSITIVE_INFINITY : Number(params.max_age)
  return required(params).filter(step => {
    const time = times.get(step)
    return time === undefined || now() - time > maxAge
  })
}
