import { Outlet, useRouteContext } from '@tanstack/react-router'
import { usePerson } from '../session.ts'
import { Loading } from './Layout.tsx'

/** Shows pages to the person for whom they were loaded. When another one comes, nothing of the former one stays. */
export function Personal() {
  const { person: loadedFor } = useRouteContext({ from: '/personal' })
  const person = usePerson()
  return person === loadedFor ? <Outlet key={person} /> : <Loading />
}
