import { placeOf } from '../client/inspection.ts'
import { nameOf } from '../core/account.ts'
import { selectPrompt } from '../core/machine/prompts.ts'
import type { AuthState, SessionState } from '../core/machine/state.ts'
import type { Sight } from './sight.ts'
import { reasonWords } from './words.ts'

/** Something that there is to know. A number is a time in epoch seconds. */
export interface Fact {
  readonly label: string
  readonly value: string | number
  /** Where a value is from that is not this package's own: it names the person, or is the app's or the provider's text. */
  readonly from?: 'person' | 'outside'
}

type SignedIn = Extract<SessionState, { status: 'authenticated' }>

/** How the session stands. */
export function sessionFacts({ session, limit, resumed }: AuthState): Fact[] {
  const facts: Fact[] = [{ label: 'Status', value: session.status }]
  if (session.status === 'anonymous')
    facts.push({ label: 'Reason', value: `${session.reason}: ${reasonWords[session.reason]}` })
  if (session.status === 'authenticated') {
    facts.push({ label: 'Person', value: nameOf(session.account), from: 'person' })
    facts.push({ label: 'Renewal', value: session.renewal.status })
  }
  if (limit) facts.push({ label: `Ends (${limit.reason})`, value: limit.endsAt })
  if (resumed)
    facts.push({ label: 'Came back', value: `a step-up for ${actionText(resumed.action)}`, from: 'outside' })
  return facts
}

/** When the tokens were made and how long they are good; never their text. */
export function tokenFacts({
  state: { session },
  hasRefreshToken,
}: Pick<Sight, 'state' | 'hasRefreshToken'>): Fact[] {
  if (session.status !== 'authenticated') return []
  const { claims, accessTokenExpiresAt } = session
  return [
    { label: 'Access token ends', value: accessTokenExpiresAt ?? 'the provider does not say' },
    {
      label: 'Refresh token',
      value: hasRefreshToken === null ? 'not known' : hasRefreshToken ? 'yes' : 'no',
    },
    { label: 'ID Token made', value: claims.iat },
    { label: 'ID Token ends', value: claims.exp },
    { label: 'Login (auth_time)', value: loginTime(session) },
    ...levels(session),
  ]
}

function loginTime({ claims: { auth_time: at } }: SignedIn): string | number {
  return typeof at === 'number' && Number.isFinite(at) ? at : 'the provider does not say'
}

/** How strong the login was. */
function levels({ claims: { acr, amr } }: SignedIn): Fact[] {
  const facts: Fact[] = []
  if (typeof acr === 'string') facts.push({ label: 'Level (acr)', value: acr, from: 'outside' })
  if (Array.isArray(amr)) facts.push({ label: 'Methods (amr)', value: amr.join(', '), from: 'outside' })
  return facts
}

/** What the person is asked, and what is under way. */
export function openFacts(state: AuthState): Fact[] {
  const prompt = selectPrompt(state)
  const about = prompt && 'action' in prompt ? ` for ${actionText(prompt.action)}` : ''
  const facts: Fact[] = prompt ? [{ label: 'Prompt', value: `${prompt.type}${about}`, from: 'outside' }] : []
  const { interactions } = placeOf(state)
  return [
    ...facts,
    ...interactions.map((value, index) => ({ label: index === 0 ? 'Under way' : 'Then', value })),
  ]
}

/** An action by its name, or what stands for one that a resource server asked for by its header alone. */
export function actionText(action: string | null): string {
  return action ?? 'a request outside stepUp'
}
