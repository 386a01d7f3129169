import { type SessionState, useSession } from 'afresh'
import { client } from './client.ts'
import { queryClient } from './query-client.ts'

const personOf = (session: SessionState) => (session.status === 'authenticated' ? session.account.sub : null)

/** Who is signed in; null: nobody. */
export const usePerson = () => useSession(personOf)

/** The same for routes. It waits until it is known, which takes a moment after a reload. */
export async function findPerson() {
  await client.ready()
  return personOf(client.store.getState().session)
}

/** Calls `reload` when another person is signed in than before, or nobody any more. Then the caches are empty. */
export function followPerson(reload: () => void) {
  client.store.subscribe(({ session }, { session: before }) => {
    // The routes themselves wait for the first person.
    if (before.status === 'initializing' || personOf(session) === personOf(before)) return
    // A switch has emptied them before the next person came: client.ts.
    if (session.status === 'anonymous') queryClient.clear()
    reload()
  })
}
