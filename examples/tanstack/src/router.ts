import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router'
import { Layout, Loading, Problem } from './pages/Layout.tsx'
import { Payments } from './pages/Payments.tsx'
import { Personal } from './pages/Personal.tsx'
import { SignIn } from './pages/SignIn.tsx'
import { paymentsOf } from './payments.ts'
import { queryClient } from './query-client.ts'
import { findPerson, followPerson } from './session.ts'

const root = createRootRoute({ component: Layout })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  // Undefined and not left out: what the address has would be left in its place.
  validateSearch: ({ returnTo }): { returnTo?: string } => ({
    returnTo: isOwnPath(returnTo) ? returnTo : undefined,
  }),
  beforeLoad: async ({ search: { returnTo = '/' } }) => {
    if ((await findPerson()) !== null) throw redirect({ href: returnTo, replace: true })
  },
  component: SignIn,
})

/** Pages for people who are signed in. */
const personal = createRoute({
  getParentRoute: () => root,
  id: 'personal',
  beforeLoad: async ({ location }) => {
    const person = await findPerson()
    if (person === null)
      throw redirect({ to: '/sign-in', search: { returnTo: location.href }, replace: true })
    return { person }
  },
  component: Personal,
})

const payments = createRoute({
  getParentRoute: () => personal,
  path: '/',
  loader: ({ context: { person } }) => queryClient.ensureQueryData(paymentsOf(person)),
  component: Payments,
})

export const router = createRouter({
  routeTree: root.addChildren([signIn, personal.addChildren([payments])]),
  defaultPendingComponent: Loading,
  defaultPendingMs: 0,
  defaultErrorComponent: Problem,
})

followPerson(() => void router.invalidate())

/** Anyone can make a link to the sign-in page, so only paths of this app count. */
function isOwnPath(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.startsWith('/') &&
    new URL(value, location.origin).origin === location.origin
  )
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
