import { subOf } from './people.ts'
import type { Script, TestPerson } from './script.ts'

/** One login at the OP. Tokens repeat it until the person signs in again. */
export interface Login {
  readonly person: TestPerson
  /** Epoch seconds. */
  readonly authTime: number
  /** The one that was asked for. */
  readonly acr?: string
  /** Whether the person has signed in while the script was running: then the claims of the login are its own. */
  readonly isNew: boolean
}

/** What an authorization request asks of a login. */
export interface LoginDemand {
  /** `prompt`, taken apart. */
  readonly prompts: readonly string[]
  /** Seconds. */
  readonly maxAge: number | undefined
  readonly acrValues: readonly string[]
}

/** Who is signed in at the OP. */
export interface Logins {
  /** The login that the person has, which is assumed to be there before the script began. */
  of(person: TestPerson): Login
  /** The person by their `sub`, if they have been seen. */
  personOf(sub: string): TestPerson | undefined
  /** The login that answers the request, a new one if need be; null where that takes a person, and none may be asked. */
  meet(demand: LoginDemand): Login | null
  /** The OP's session ends: the next request asks the person, or is answered with `login_required`. */
  end(): void
}

export function createLogins(script: Script): Logins {
  const begun = script.now()
  const logins = new Map<string, Login>()
  let isOver = false

  const of = (person: TestPerson): Login => {
    const sub = subOf(person)
    const known = logins.get(sub)
    const { auth_time: authTime } = person.claims ?? {}
    const first = { authTime: typeof authTime === 'number' ? authTime : begun, isNew: false }
    const login = { ...(known ?? first), person }
    logins.set(sub, login)
    return login
  }

  const signIn = (person: TestPerson, acr: string | undefined): Login => {
    const login = { person, authTime: script.now(), isNew: true, ...(acr !== undefined && { acr }) }
    logins.set(subOf(person), login)
    isOver = false
    return login
  }

  return {
    of,
    personOf: sub => logins.get(sub)?.person ?? namedBy(script.person, sub),
    meet({ prompts, maxAge, acrValues }) {
      const { person } = script
      if (person === null) return null
      const login = of(person)
      const acr = login.acr ?? person.claims?.acr
      const isOld = maxAge !== undefined && script.now() - login.authTime > maxAge
      const isWeak = acrValues.length > 0 && !acrValues.includes(String(acr))
      const isEnough = !isOver && !isOld && !isWeak
      if (prompts.includes('none')) return isEnough ? login : null
      const isAsked = prompts.includes('login') || prompts.includes('create')
      return isEnough && !isAsked ? login : signIn(person, acrValues[0])
    },
    end() {
      isOver = true
    },
  }
}

function namedBy(person: TestPerson | null, sub: string): TestPerson | undefined {
  return person !== null && subOf(person) === sub ? person : undefined
}
