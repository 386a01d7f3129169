import type { SessionState } from 'afresh'
import { type LoaderFunctionArgs, redirect, replace } from 'react-router'
import { client } from './client.ts'

export const personOf = (session: SessionState) =>
  session.status === 'authenticated' ? session.account.sub : null

/** Waits until it is known who is signed in, which takes a moment after a reload. Null: nobody. */
export async function loadPerson() {
  await client.ready()
  return personOf(client.store.getState().session)
}

/** Middleware: runs before the loaders below it, and sends those who are not signed in to the sign-in page. */
export async function requirePerson({ request }: LoaderFunctionArgs) {
  if ((await loadPerson()) !== null) return
  const { pathname, search } = new URL(request.url)
  throw redirect(`/sign-in?${new URLSearchParams({ returnTo: pathname + search })}`)
}

/** Loader of the sign-in page: takes those who are signed in to the page that they wanted. */
export async function returnToPage({ request }: LoaderFunctionArgs) {
  if ((await loadPerson()) !== null) throw replace(readReturnTo(request.url))
  return null
}

/** Anyone can make a link to the sign-in page, so only paths of this app count. */
function readReturnTo(signInUrl: string) {
  const { origin, searchParams } = new URL(signInUrl)
  const { origin: wanted, pathname, search } = new URL(searchParams.get('returnTo') ?? '/', origin)
  return wanted === origin && !pathname.startsWith('//') ? pathname + search : '/'
}

/** Calls `reload` whenever another person is signed in than before, or nobody any more. */
export async function onPersonChange(reload: () => void) {
  // The first loaders wait for the first person by themselves.
  let person = await loadPerson()
  client.store.subscribe(({ session }) => {
    if (session.status === 'initializing' || personOf(session) === person) return
    person = personOf(session)
    reload()
  })
}
