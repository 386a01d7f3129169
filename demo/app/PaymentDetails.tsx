import type { StepUpState } from 'afresh'
import type { ReactElement } from 'react'
import type { Payment } from './api.ts'
import { amount, date } from './format.ts'
import { OutcomeLine } from './OutcomeLine.tsx'
import { outcomeOf } from './outcome.ts'
import { Badge } from './PaymentList.tsx'

/** The payment that is shown, and the state of its approval. */
export interface PaymentDetailsProps {
  readonly payment: Payment
  readonly state: StepUpState<unknown>
  onApprove(): void
}

/** One payment, with the button that approves it. */
export function PaymentDetails({ payment, state, onApprove }: PaymentDetailsProps): ReactElement {
  const outcome = outcomeOf(state, 'Approved. The bank has proof that it was you.')
  const busy = outcome?.tone === 'busy'
  const approved = payment.status === 'approved'
  return (
    <article className="details" aria-labelledby="details">
      <h2 id="details">{payment.to}</h2>
      <p className="sum">{amount(payment.cents)}</p>
      <dl>
        <dt>For</dt>
        <dd>{payment.note}</dd>
        <dt>Due</dt>
        <dd>{date(payment.due)}</dd>
        <dt>Status</dt>
        <dd>
          <Badge status={payment.status} />
        </dd>
      </dl>
      {/* aria-disabled rather than disabled, so that the focus stays where it is. */}
      <button
        type="button"
        aria-disabled={busy || approved}
        onClick={() => {
          if (!busy && !approved) onApprove()
        }}
      >
        {approved ? 'Approved' : `Approve ${amount(payment.cents)}`}
      </button>
      <OutcomeLine outcome={outcome} />
    </article>
  )
}
