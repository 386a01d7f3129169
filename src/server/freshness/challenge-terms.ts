import { formatStepUpHeader, type StepUpHeader } from '../../core/step-up-header.ts'

/** What a challenge says, in the words of an authentication request (OpenID Connect Core §3.1.2.1). */
export interface ChallengeTerms {
  readonly prompt: 'login' | undefined
  readonly max_age: number
  readonly acr_values: string | undefined
  /** The same as `WWW-Authenticate` headers. @see RFC 9470 §3 */
  readonly headers: Readonly<Record<StepUpHeader['scheme'], string>>
}

interface Demand {
  readonly reauthenticate?: boolean
  readonly maxAge?: number
  readonly acrValues?: readonly string[]
}

/** The terms that follow from a policy. */
export function termsOf({ reauthenticate, maxAge = 0, acrValues }: Demand): ChallengeTerms {
  const header = (scheme: StepUpHeader['scheme']): string => formatStepUpHeader({ scheme, maxAge, acrValues })
  return {
    prompt: reauthenticate ? 'login' : undefined,
    max_age: maxAge,
    acr_values: acrValues?.join(' '),
    headers: { Bearer: header('Bearer'), DPoP: header('DPoP') },
  }
}
