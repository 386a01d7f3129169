import { connection } from 'next/server'
import { Suspense } from 'react'
import { listPayments } from '../lib/payments'
import { SignIn } from './SignIn'

/** For everybody, and rendered on the server. */
export default function Home() {
  return (
    <section className="card">
      <h1>Welcome</h1>
      <Suspense fallback={<p>Counting…</p>}>
        <Waiting />
      </Suspense>
      <SignIn />
    </section>
  )
}

/** What everybody may know. The server streams it, at each request. */
async function Waiting() {
  await connection()
  const payments = listPayments()
  const waiting = payments.filter(({ approvedBy }) => approvedBy === null)
  return (
    <p>
      {waiting.length} of {payments.length} payments are waiting.
    </p>
  )
}
