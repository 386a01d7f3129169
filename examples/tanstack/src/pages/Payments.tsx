import { useSuspenseQuery } from '@tanstack/react-query'
import { useRouteContext } from '@tanstack/react-router'
import { paymentsOf } from '../payments.ts'
import { PaymentRow } from './PaymentRow.tsx'

export function Payments() {
  const { person } = useRouteContext({ from: '/personal/' })
  const { data: payments } = useSuspenseQuery(paymentsOf(person))
  return (
    <section className="card">
      <h1>Payments</h1>
      <ul className="payments">
        {payments.map(payment => (
          <PaymentRow key={payment.id} payment={payment} person={person} />
        ))}
      </ul>
    </section>
  )
}
