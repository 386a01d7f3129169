export interface Person {
  /** The `sub`, and the name to sign in with. */
  readonly username: string
  readonly password: string
  readonly givenName: string
  readonly familyName: string
  readonly email: string
}

const known: Person[] = [
  {
    username: 'josh',
    password: 'josh-pw',
    givenName: 'Josh',
    familyName: 'Rivera',
    email: 'josh.rivera@example.com',
  },
  {
    username: 'jane',
    password: 'jane-pw',
    givenName: 'Jane',
    familyName: 'Okafor',
    email: 'jane.okafor@example.com',
  },
  {
    username: 'mei',
    password: 'mei-pw',
    givenName: 'Mei',
    familyName: 'Tanaka',
    email: 'mei.tanaka@example.com',
  },
]

export const people: readonly Person[] = [...known]

/** Somebody who signs up, until the OP stops; null when the username is taken or none. */
export function addPerson(name: string, username: string, password: string): Person | null {
  if (!/^[a-z0-9-]{2,30}$/.test(username) || findPerson(username)) return null
  const [givenName = username, ...rest] = name.trim().split(/\s+/).filter(Boolean)
  const person = {
    username,
    password,
    givenName,
    familyName: rest.join(' '),
    email: `${username}@example.com`,
  }
  known.push(person)
  return person
}

export const fullName = (person: Person): string => `${person.givenName} ${person.familyName}`.trim()

/** By username, by e-mail address, or by a `sub` that names a connection first (`auth0|josh`). */
export function findPerson(name: string | undefined): Person | undefined {
  const [last = ''] = (name ?? '').split('|').slice(-1)
  return known.find(
    ({ username, email }) => last !== '' && [username, email, email.split('@')[0]].includes(last),
  )
}

export const claimsOf = (person: Person): Record<string, unknown> => ({
  sub: person.username,
  name: fullName(person),
  given_name: person.givenName,
  family_name: person.familyName,
  preferred_username: person.username,
  email: person.email,
  email_verified: true,
})
