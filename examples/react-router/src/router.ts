import { createBrowserRouter } from 'react-router'
import { Home } from './pages/Home.tsx'
import { Layout, Loading, Problem } from './pages/Layout.tsx'
import { approvePayment, loadPayments, Payments } from './pages/Payments.tsx'
import { Personal } from './pages/Personal.tsx'
import { SignIn } from './pages/SignIn.tsx'
import { loadPerson, onPersonChange, requirePerson, returnToPage } from './session.ts'

const payments = { path: 'payments', loader: loadPayments, action: approvePayment, Component: Payments }

export const router = createBrowserRouter([
  {
    Component: Layout,
    children: [
      {
        HydrateFallback: Loading,
        ErrorBoundary: Problem,
        children: [
          { index: true, Component: Home },
          { path: 'sign-in', loader: returnToPage, Component: SignIn },
          // Pages for people who are signed in.
          { middleware: [requirePerson], loader: loadPerson, Component: Personal, children: [payments] },
        ],
      },
    ],
  },
])

void onPersonChange(() => void router.revalidate())
