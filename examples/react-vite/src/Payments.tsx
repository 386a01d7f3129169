import { useEffect, useState } from 'react'
import { inWords } from './in-words.ts'
import { PaymentRow } from './PaymentRow.tsx'
import { loadPayments, type Payment } from './payments.ts'

export function Payments() {
  const [payments, setPayments] = useState<Payment[]>([])
  const [error, setError] = useState<unknown>()

  useEffect(() => {
    const leaving = new AbortController()
    loadPayments(leaving.signal).then(setPayments, error => !leaving.signal.aborted && setError(error))
    return () => leaving.abort()
  }, [])

  const replace = (approved: Payment) =>
    setPayments(payments => payments.map(payment => (payment.id === approved.id ? approved : payment)))

  return (
    <section className="card">
      <h1>Payments</h1>
      {error !== undefined && <p role="alert">{inWords(error)}</p>}
      <ul className="payments">
        {payments.map(payment => (
          <PaymentRow key={payment.id} payment={payment} onApproved={replace} />
        ))}
      </ul>
    </section>
  )
}
