import type { AuthState, SessionState } from '../../src/core/machine/state.ts'
import { isUnknown } from '../../src/core/machine/state.ts'
import type { Family, TokenInfo } from './storm-op.ts'

/** What a tab shows, as the truth judges it. */
interface Shown {
  readonly tab: string
  readonly state: AuthState
}

const ends: readonly string[] = ['signed_out', 'idle', 'absolute']

/** Whether it asks whose page it is. */
function isAsking({ interactions }: AuthState): boolean {
  return interactions.some(({ type }) => type === 'account_question' || type === 'mismatch')
}

type Authenticated = Extract<SessionState, { status: 'authenticated' }>

/**
 * Whose session this browser has, by what people do and not by what the client keeps. An *era* is one person's session:
 * it ends with a sign-out, or when another person takes over. A sign-in counts when a tab first shows it.
 *
 * The rule for the wire: a request with the token of an era that is over is a fault, in every tab that is able to know.
 * One that leaves in the very turn in which the era ends, before any timer, message or event, has left in time. Where
 * storage is blocked, a tab knows only what it is told, and messages take a moment.
 */
export class Truth {
  person: string | null = null
  era = 0
  /** What must not happen. */
  readonly faults: string[] = []
  /** Whether the app itself may end the session: by its limits, or because the OP says so. */
  endsByItself = false
  readonly #eras = new Map<string, number>()
  readonly #asked = new Map<
    string,
    { readonly family: Family; readonly era: number; readonly signOuts: number }
  >()
  readonly #now: () => { readonly turn: number; readonly milliseconds: number }
  readonly #isBlocked: () => boolean
  #signOuts = 0
  #endedAt = { turn: -1, milliseconds: Number.NEGATIVE_INFINITY }

  constructor(now: () => { readonly turn: number; readonly milliseconds: number }, isBlocked: () => boolean) {
    this.#now = now
    this.#isBlocked = isBlocked
  }

  /** The OP has given an answer, which becomes a session or not. */
  authorized(family: Family): void {
    this.#asked.set(family.id, { family, era: this.era, signOuts: this.#signOuts })
  }

  /** A person signs out, in whichever tab. */
  signOut(): void {
    this.#signOuts++
    this.#begin(null)
  }

  /** Hears of each state of each tab that is in use. */
  follow(tab: string, { session }: AuthState, previous: AuthState): void {
    const { session: before } = previous
    if (session.status === 'authenticated') this.#show(tab, session)
    else if (before.status === 'authenticated' && session.status === 'anonymous') {
      if (!ends.includes(session.reason)) return
      // A tab that asks whose it is knows of the current session too.
      if (this.endsByItself && (this.#isCurrent(before) || isAsking(previous))) this.signOut()
      else if (this.#isCurrent(before))
        this.#fault(`${tab} is ${session.reason}, and no person has signed out`)
    }
  }

  /** A request leaves with this token. @param knows whether its tab can know what this browser has kept */
  send(tab: string, { sub, family }: TokenInfo): void {
    if (this.#eras.get(family.id) === this.era && sub === this.person) return
    const { turn, milliseconds } = this.#now()
    const isInTime = this.#isBlocked()
      ? milliseconds - this.#endedAt.milliseconds < 300
      : turn === this.#endedAt.turn
    if (!isInTime) this.#fault(`${tab} sends a token of ${sub}'s (${family.id}), but ${this.#words()}`)
  }

  /** The page leaves to end the session of this person at the OP. */
  leaveToSignOut(tab: string): void {
    const isOthers = this.person !== null && this.#now().turn !== this.#endedAt.turn
    if (isOthers) this.#fault(`${tab} leaves to end the OP's session, but ${this.#words()}`)
  }

  /**
   * Judges what a tab shows when all is quiet.
   *
   * @param canAsk whether the OP would tell this page in silence
   * @param isAlive whether the OP, or a tab in use, still has the session
   */
  judge({ tab, state }: Shown, { canAsk, isAlive }: Readonly<Record<'canAsk' | 'isAlive', boolean>>): void {
    const { session } = state
    if (isAsking(state)) return
    if (session.status === 'initializing') this.#fault(`${tab} does not come to an end`)
    else if (session.status === 'authenticated') {
      if (!this.#isCurrent(session)) this.#fault(`${tab} shows ${session.account.sub}, but ${this.#words()}`)
    } else if (this.person !== null && isAlive && !isUnknown(session) && !this.#isBlocked()) {
      // What went wrong for another reason than the network is not asked again.
      const mayNotKnow = session.reason === 'failed' || (session.reason === 'login_required' && !canAsk)
      if (!mayNotKnow) this.#fault(`${tab} is anonymous: ${session.reason}, but ${this.#words()}`)
    }
  }

  #show(tab: string, { account, claims }: Authenticated): void {
    const asked = this.#asked.get(String(claims.family))
    if (!asked || this.#eras.has(asked.family.id)) return
    const { family, era, signOuts } = asked
    // A sign-in and a sign-out within a second are no two acts of a person, and the sign-in counts as the later.
    const isAtOnce = !family.isSilent && this.#now().milliseconds - this.#endedAt.milliseconds < 1000
    if (signOuts !== this.#signOuts && !isAtOnce)
      this.#fault(`${tab} shows ${account.sub}, asked before a sign-out`)
    if (family.isSilent && era !== this.era && account.sub !== this.person)
      this.#fault(`${tab} shows ${account.sub} in silence, but ${this.#words()}`)
    if (account.sub !== this.person) {
      if (family.isSilent && this.person === null && this.#signOuts > 0 && !this.#isBlocked())
        this.#fault(`${tab} shows ${account.sub} in silence after a sign-out`)
      this.#begin(account.sub)
    }
    this.#eras.set(family.id, this.era)
  }

  #isCurrent({ account, claims }: Authenticated): boolean {
    return account.sub === this.person && this.#eras.get(String(claims.family)) === this.era
  }

  #begin(person: string | null): void {
    this.era++
    this.person = person
    this.#endedAt = this.#now()
  }

  #words(): string {
    return this.person === null ? 'no person is signed in' : `${this.person} is signed in (era ${this.era})`
  }

  #fault(what: string): void {
    this.faults.push(what)
  }
}
