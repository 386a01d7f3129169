import { useStepUp } from 'afresh'
import { inWords } from './in-words.ts'
import { approvePayment, type Payment } from './payments.ts'

interface PaymentRowProps {
  payment: Payment
  onApproved(payment: Payment): void
}

export function PaymentRow({ payment, onApproved }: PaymentRowProps) {
  const { run, state, pending } = useStepUp('payment.approve', approvePayment, {
    // What the person agrees to. The backend approves this and nothing else.
    context: ({ id, cents, to }: Payment) => ({ id, cents, to }),
    key: payment.id,
  })
  // `state` shows how it ends, so there is nothing to catch.
  const show = (approval: Promise<Payment>) => approval.then(onApproved, () => {})
  const isIdle = state.status === 'idle' || state.status === 'failed'

  return (
    <li>
      <span className="to">{payment.to}</span>
      <span className="amount">{(payment.cents / 100).toFixed(2)}</span>
      {payment.approvedBy !== null ? (
        <span className="approved">Approved by {payment.approvedBy}</span>
      ) : pending ? (
        // The page was left to sign in. Nothing goes on by itself.
        <span className="buttons">
          <button type="button" onClick={() => show(pending.confirm())}>
            Finish
          </button>
          <button type="button" className="quiet" onClick={pending.discard}>
            Discard
          </button>
        </span>
      ) : (
        <button type="button" disabled={!isIdle} onClick={() => show(run(payment))}>
          Approve
        </button>
      )}
      <p role="status">
        {state.status === 'failed'
          ? inWords(state.error)
          : !isIdle && state.status !== 'succeeded' && 'One moment…'}
      </p>
    </li>
  )
}
