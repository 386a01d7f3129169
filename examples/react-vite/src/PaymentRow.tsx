import { type StepUpState, useStepUp } from 'afresh'
import { inWords } from './in-words.ts'
import { approvePayment, type Payment } from './payments.ts'

interface PaymentRowProps {
  payment: Payment
  onApproved(payment: Payment): void
}

const euros = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' })

export function PaymentRow({ payment, onApproved }: PaymentRowProps) {
  const { run, state, pending } = useStepUp('payment.approve', approvePayment, {
    // What the person agrees to: the backend approves this, and nothing else.
    context: ({ id, cents, to }: Payment) => ({ id, cents, to }),
    key: payment.id,
  })
  // `state` tells how it fails, so there is nothing to catch.
  const show = (approval: Promise<Payment>) => approval.then(onApproved, () => {})

  return (
    <li>
      <span>{payment.to}</span>
      <span className="amount">{euros.format(payment.cents / 100)}</span>
      <span className="action">
        {payment.approvedBy !== null ? (
          `Approved by ${payment.approvedBy}`
        ) : pending ? (
          <>
            <button type="button" onClick={() => show(pending.confirm())}>
              Finish
            </button>
            <button type="button" className="quiet" onClick={pending.discard}>
              Discard
            </button>
          </>
        ) : (
          <button type="button" aria-disabled={isUnderWay(state)} onClick={() => show(run(payment))}>
            Approve
          </button>
        )}
      </span>
      <p role="status">
        {pending && 'You signed in to approve this. It is not approved yet.'}
        {isUnderWay(state) && 'One moment…'}
        {state.status === 'failed' && inWords(state.error)}
      </p>
    </li>
  )
}

function isUnderWay({ status }: StepUpState<Payment>): boolean {
  return status !== 'idle' && status !== 'failed' && status !== 'succeeded'
}
