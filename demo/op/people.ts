export interface Person {
  /** The `sub`, and the name to sign in with. */
  readonly username: string
  readonly password: string
  readonly givenName: string
  readonly familyName: string
  readonly email: string
}

export const people: readonly Person[] = [
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
]

export const fullName = (person: Person): string => `${person.givenName} ${person.familyName}`

/** By username, by e-mail address, or by a `sub` that names a connection first (`auth0|josh`). */
export function findPerson(name: string | undefined): Person | undefined {
  const [last = ''] = (name ?? '').split('|').slice(-1)
  return people.find(
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
