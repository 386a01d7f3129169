import { useEffect, useSyncExternalStore } from 'react'
import { type ActionFunctionArgs, type LoaderFunctionArgs, useFetcher, useLoaderData } from 'react-router'
import { inWords } from '../in-words.ts'
import { approval, getPayments, type Payment } from '../payments.ts'

export const loadPayments = ({ request }: LoaderFunctionArgs) => getPayments(request.signal)

/** After it, the router loads the payments anew. Returns what went wrong. */
export async function approvePayment({ request }: ActionFunctionArgs) {
  const payment: Payment = await request.json()
  // Set when the page was left to sign in: then this click goes on.
  const { pending } = approval.store.getState()
  const isBack = pending?.input.id === payment.id
  try {
    await (isBack ? pending.confirm() : approval.run(payment))
    return null
  } catch (error) {
    return inWords(error)
  }
}

export function Payments() {
  const payments = useLoaderData<typeof loadPayments>()
  // Finds the approval that the page was left for, and cancels one under way when the person goes elsewhere.
  useEffect(() => approval.mount(), [])
  return (
    <section className="card">
      <h1>Payments</h1>
      <ul>
        {payments.map(payment => (
          <PaymentRow key={payment.id} payment={payment} />
        ))}
      </ul>
    </section>
  )
}

const euros = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' })

function PaymentRow({ payment }: { payment: Payment }) {
  const { submit, state, data: problem } = useFetcher<typeof approvePayment>()
  const { pending } = useSyncExternalStore(approval.store.subscribe, approval.store.getState)
  const isBack = pending?.input.id === payment.id
  const isIdle = state === 'idle'
  const approve = () => isIdle && submit({ ...payment }, { method: 'post', encType: 'application/json' })
  return (
    <li>
      <span>{payment.to}</span>
      <span className="amount">{euros.format(payment.cents / 100)}</span>
      <span className="action">
        {payment.approvedBy !== null ? (
          `Approved by ${payment.approvedBy}`
        ) : (
          <button type="button" aria-disabled={!isIdle} onClick={approve}>
            {isBack ? 'Finish' : 'Approve'}
          </button>
        )}
        {isBack && (
          <button type="button" className="quiet" onClick={pending.discard}>
            Discard
          </button>
        )}
      </span>
      <p role="status">
        {isBack && 'You signed in to approve this. It is not approved yet.'}
        {isIdle ? problem : 'One moment…'}
      </p>
    </li>
  )
}
