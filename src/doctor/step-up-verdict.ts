import { asCode, type ProfileGuess } from './guess-profile.ts'
import {
  mustAsk,
  type Outcome,
  type Outcomes,
  type Refreshed,
  silentSteps,
  stepFinding,
  troubleWith,
} from './outcome.ts'
import type { Finding } from './report.ts'
import type { StepName } from './steps.ts'

/** The finding for an OP of which no sign-in has shown anything. */
export function relianceUnseen(profile: ProfileGuess): Finding {
  const check = 're-authentication'
  const fit = `Profile: ${asCode(profile)}.`
  if (profile.noStepUp !== undefined)
    return { check, level: 'risk', text: `A step-up can rely on nothing: ${profile.noStepUp}. ${fit}` }
  const text = `Only a sign-in shows whether prompt=login makes auth_time move (--browser). ${fit}`
  return { check, level: 'unknown', text }
}

/** The finding that says what a step-up can rely on, and which profile makes it so. */
export function reliance(outcomes: Outcomes, refreshed: Refreshed, profile: ProfileGuess): Finding {
  // Whatever this sign-in has shown: the client makes no step-up there.
  if (profile.noStepUp !== undefined) return relianceUnseen(profile)
  const levelOf = (step: StepName): Finding['level'] => stepFinding(step, outcomes)?.level ?? 'unknown'
  const [login, age] = [levelOf('prompt=login'), levelOf('max_age')]
  const isPersons = profile.options.includes(persons) || movesByRefresh(refreshed)
  const options = [...(isPersons ? [persons] : []), ...optionsFor(outcomes, login, age)]
  const fit = `Profile: ${asCode(profile, options)}.`
  const finding = (level: Finding['level'], text: string): Finding => ({
    check: 're-authentication',
    level,
    text: `${text} ${fit}`,
  })
  const movesByItself = silentSteps.some(step => {
    const outcome = outcomes[step]
    return outcome?.type === 'claims' && troubleWith(outcome) === null
  })
  if (movesByItself) return finding('risk', 'A step-up can rely on nothing: auth_time moves by itself.')
  if (isPersons && (login === 'good' || age === 'good'))
    return finding(
      'risk',
      'A step-up can rely on maxAge, for a login on any device; not on reauthenticate, because auth_time is the person’s.',
    )
  if (login === 'good')
    return age === 'unknown'
      ? finding('good', 'A step-up can rely on reauthenticate; max_age was not tried.')
      : finding('good', 'A step-up can rely on reauthenticate and on maxAge.')
  if (age === 'good')
    return login === 'unknown'
      ? finding('good', 'A step-up can rely on maxAge; prompt=login was not tried.')
      : finding('risk', 'A step-up can rely on maxAge, not on reauthenticate.')
  return login === 'unknown'
    ? finding('unknown', 'It is unknown whether prompt=login makes auth_time move.')
    : finding('risk', 'A step-up can rely on nothing: a backend has to deny every step-up.')
}

const persons = `authTime: 'person'`

/** No person signed in for it, so the OP tells a login that was made elsewhere. */
function movesByRefresh(refreshed: Refreshed): boolean {
  if (refreshed.type !== 'refreshed' || refreshed.claims?.sub !== refreshed.old.sub) return false
  const { auth_time: now } = refreshed.claims
  return now !== undefined && now !== refreshed.old.auth_time
}

/** What this OP's profile must say besides what `generic()` says. */
function optionsFor(outcomes: Outcomes, login: Finding['level'], age: Finding['level']): string[] {
  const [visible, frame] = [outcomes['top-level'], outcomes.iframe]
  const isMute = (outcome: Outcome | undefined): boolean =>
    outcome?.type === 'no_answer' || (outcome?.type === 'error' && !mustAsk.includes(outcome.error))
  const told = Object.values(outcomes).filter(
    outcome => outcome.type === 'claims' && outcome.claims.auth_time !== undefined,
  )
  const options: string[] = []
  if (login === 'good' && age === 'risk') options.push(`authTime: 'login'`)
  if (login === 'risk' && age === 'risk' && told.length === 0) options.push(`authTime: 'unknown'`)
  // Where only the frame gets an answer, it gets it because of the hint that it sends.
  if (visible?.type === 'no_answer' || (isMute(visible) && isMute(frame)))
    options.push(`promptValues: ['login']`)
  else if (isMute(frame)) options.push('iframe: false')
  return options
}
