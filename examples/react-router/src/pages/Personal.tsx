import { useSession } from 'afresh'
import { Outlet, useLoaderData } from 'react-router'
import { type loadPerson, personOf } from '../session.ts'
import { Loading } from './Layout.tsx'

/** Nobody is shown what the loaders have loaded for somebody else: it is hidden until they have run again. */
export function Personal() {
  const loadedFor = useLoaderData<typeof loadPerson>()
  const person = useSession(personOf)
  return person !== null && person === loadedFor ? <Outlet key={person} /> : <Loading />
}
