import { randomUUID } from 'node:crypto'

/** A person with an account at the demo's OP. */
export interface Person {
  /** Stays the same when the person's name changes. */
  readonly id: string
  /** The `sub`, and the name to sign in with. */
  readonly username: string
  readonly password: string
  readonly givenName: string
  readonly familyName: string
  readonly email: string
}

const known: Person[] = [
  {
    id: '5b0f6c1e-3d1a-4c57-9f0b-6a2f8f6f0a01',
    username: 'josh',
    password: 'josh-pw',
    givenName: 'Josh',
    familyName: 'Rivera',
    email: 'josh.rivera@example.com',
  },
  {
    id: 'c2d7a8b4-90e3-4f6d-8a51-1e7b3c9d4e02',
    username: 'jane',
    password: 'jane-pw',
    givenName: 'Jane',
    familyName: 'Okafor',
    email: 'jane.okafor@example.com',
  },
  {
    id: 'e8a41f37-6c25-4b98-b7de-0d5f2a8c7b03',
    username: 'mei',
    password: 'mei-pw',
    givenName: 'Mei',
    familyName: 'Tanaka',
    email: 'mei.tanaka@example.com',
  },
]

/** The people whom the login page lists. */
export const people: readonly Person[] = [...known]

/** Adds a person who signs up, until the demo stops. Null when the username is taken or empty. */
export function addPerson(name: string, username: string, password: string): Person | null {
  if (!/^[a-z0-9-]{2,30}$/.test(username) || findPerson(username)) return null
  const [givenName = username, ...rest] = name.trim().split(/\s+/).filter(Boolean)
  const person = {
    id: randomUUID(),
    username,
    password,
    givenName,
    familyName: rest.join(' '),
    email: `${username}@example.com`,
  }
  known.push(person)
  return person
}

/** The name to show. */
export const fullName = (person: Person): string => `${person.givenName} ${person.familyName}`.trim()

/** The people and their passwords, for the terminal. */
export const signInAs: string = people
  .map(person => `${person.username} / ${person.password} (${fullName(person)})`)
  .join(' or ')

/** Finds a person by id, username, e-mail address, or a `sub` that names a connection first (`auth0|josh`). */
export function findPerson(name: string | undefined): Person | undefined {
  const [last = ''] = (name ?? '').split('|').slice(-1)
  return known.find(
    ({ id, username, email }) => last !== '' && [id, username, email, email.split('@')[0]].includes(last),
  )
}

/** What the OP says of a person. */
export const claimsOf = (person: Person): Record<string, unknown> => ({
  sub: person.username,
  name: fullName(person),
  given_name: person.givenName,
  family_name: person.familyName,
  preferred_username: person.username,
  email: person.email,
  email_verified: true,
})
