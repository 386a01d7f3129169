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

export const findPerson = (username: string | undefined): Person | undefined =>
  people.find(person => person.username === username)

export const claimsOf = (person: Person): Record<string, unknown> => ({
  sub: person.username,
  name: fullName(person),
  given_name: person.givenName,
  family_name: person.familyName,
  preferred_username: person.username,
  email: person.email,
  email_verified: true,
})
