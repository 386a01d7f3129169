import type { Metadata } from 'next'
import { PaymentList } from './PaymentList'

export const metadata: Metadata = { title: 'Payments to approve' }

/** Rendered on the server, which does not know the person. So the list is loaded in the browser. */
export default function Payments() {
  return (
    <section className="card">
      <h1>Payments</h1>
      <PaymentList />
    </section>
  )
}
