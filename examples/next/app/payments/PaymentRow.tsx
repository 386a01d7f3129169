'use client'
import { type Grant, type StepUpState, useStepUp } from 'afresh'
import { inWords } from '../../lib/in-words'
import type { Payment } from '../../lib/payments'

interface PaymentRowProps {
  payment: Payment
  onApproved(): void
}

const euros = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' })

export function PaymentRow({ payment, onApproved }: PaymentRowProps) {
  const { run, state, pending } = useStepUp('payment.approve', approve, {
    // What the person agrees to: the route handler approves this, and nothing else.
    context: ({ id, cents, to }: Payment) => ({ id, cents, to }),
    key: payment.id,
  })
  // `state` tells how it fails, so there is nothing to catch.
  const show = (approval: Promise<void>) => approval.then(onApproved, () => {})

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

function isUnderWay({ status }: StepUpState<void>) {
  return status !== 'idle' && status !== 'failed' && status !== 'succeeded'
}

/** The grant's `fetch` carries the proof that this person has just signed in for this payment. */
async function approve({ id, cents, to }: Payment, { fetch }: Grant) {
  const response = await fetch(`/api/payments/${id}/approve`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ cents, to }),
  })
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
}
