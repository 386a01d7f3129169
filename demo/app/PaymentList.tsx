import type { ReactElement } from 'react'
import type { Payment } from './api.ts'
import { amount } from './format.ts'

/** The payments, and the selected one. */
export interface PaymentListProps {
  readonly payments: readonly Payment[]
  readonly selected: string
  onSelect(id: string): void
}

/** The list of payments. */
export function PaymentList({ payments, selected, onSelect }: PaymentListProps): ReactElement {
  return (
    <ul className="list">
      {payments.map(payment => (
        <li key={payment.id}>
          <button
            type="button"
            className="row"
            aria-current={payment.id === selected ? 'true' : undefined}
            onClick={() => onSelect(payment.id)}
          >
            <span className="who">
              {payment.to}
              <Badge status={payment.status} />
            </span>
            <span className="amount">{amount(payment.cents)}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

/** Whether a payment is approved. */
export function Badge({ status }: Pick<Payment, 'status'>): ReactElement {
  return <span className={`badge ${status}`}>{status === 'approved' ? 'Approved' : 'Waiting'}</span>
}
