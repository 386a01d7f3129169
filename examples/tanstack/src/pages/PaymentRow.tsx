import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useStepUp } from 'afresh'
import { inWords } from '../in-words.ts'
import { approvePayment, type Payment, paymentsOf } from '../payments.ts'

interface PaymentRowProps {
  payment: Payment
  person: string
}

const euros = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' })

export function PaymentRow({ payment, person }: PaymentRowProps) {
  const { id, cents, to, approvedBy } = payment
  const queryClient = useQueryClient()
  const { run, pending } = useStepUp('payment.approve', approvePayment, {
    // What the person agrees to: the backend approves this, and nothing else.
    context: ({ id, cents, to }: Payment) => ({ id, cents, to }),
    key: id,
  })
  const approval = useMutation({
    // `pending`: begun before a full-page redirect, and not approved yet.
    mutationFn: () => (pending ? pending.confirm() : run(payment)),
    onSuccess: approved =>
      queryClient.setQueryData(paymentsOf(person).queryKey, payments =>
        payments?.map(payment => (payment.id === approved.id ? approved : payment)),
      ),
  })

  return (
    <li>
      <span>{to}</span>
      <span className="amount">{euros.format(cents / 100)}</span>
      <span className="action">
        {approvedBy !== null ? (
          `Approved by ${approvedBy}`
        ) : (
          <button type="button" aria-disabled={approval.isPending} onClick={() => approval.mutate()}>
            {pending ? 'Finish' : 'Approve'}
          </button>
        )}
        {pending && (
          <button type="button" className="quiet" onClick={pending.discard}>
            Discard
          </button>
        )}
      </span>
      <p role="status">
        {pending && 'You signed in to approve this. It is not approved yet.'}
        {approval.isPending && 'One moment…'}
        {approval.isError && inWords(approval.error)}
      </p>
    </li>
  )
}
