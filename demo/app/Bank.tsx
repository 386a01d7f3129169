import { useStepUp } from 'afresh'
import { type ReactElement, useState } from 'react'
import { approvePayment, getLedger, getPayments, type Payment } from './api.ts'
import { config } from './config.ts'
import { EmailForm } from './EmailForm.tsx'
import { amount } from './format.ts'
import { Ledger } from './Ledger.tsx'
import { PaymentDetails } from './PaymentDetails.tsx'
import { PaymentList } from './PaymentList.tsx'
import { Statement } from './Statement.tsx'
import { TamperingChoice } from './tampering/TamperingChoice.tsx'
import { Unfinished } from './Unfinished.tsx'
import { useDecisions } from './useDecisions.ts'
import { useLoaded } from './useLoaded.ts'

/** What a signed-in person sees. */
export function Bank(): ReactElement {
  const payments = useLoaded(getPayments)
  const ledger = useLoaded(getLedger)
  const reloadDecisions = useDecisions()
  const [selected, setSelected] = useState('northwind')
  // The payment that the step-up's state is about. After a return from the OP it is the one that the page left for.
  const [asked, setAsked] = useState<string>()

  const approve = useStepUp(
    'payment.approve',
    (payment: Payment, { fetch }) => approvePayment(fetch, payment),
    {
      context: ({ id, cents, to }) => ({ id, cents, to }),
      describe: ({ cents, to }) => `Approve ${amount(cents)} to ${to}`,
    },
  )
  const watch = (payment: Payment, run: () => Promise<unknown>): void => {
    setSelected(payment.id)
    setAsked(payment.id)
    // The state shows how the action ended, so there is nothing to catch.
    const reload = (): void => {
      reloadDecisions()
      payments.reload()
      ledger.reload()
    }
    run().then(reload, reload)
  }

  const payment = payments.value?.find(({ id }) => id === selected)
  const { pending } = approve
  return (
    <>
      {pending !== null && (
        <Unfinished
          what="You were approving a payment."
          display={pending.display}
          onFinish={() => watch(pending.input, () => pending.confirm())}
          onDiscard={() => pending.discard()}
        />
      )}
      <section className="card payments" aria-labelledby="payments">
        <h1 id="payments">Payments</h1>
        {payments.failed && (
          <p className="outcome bad" role="alert">
            The payments cannot be shown right now.{' '}
            <button type="button" className="link" onClick={payments.reload}>
              Try again
            </button>
          </p>
        )}
        <div className="split">
          <PaymentList payments={payments.value ?? []} selected={selected} onSelect={setSelected} />
          {payment !== undefined && (
            <PaymentDetails
              payment={payment}
              state={asked === undefined || asked === payment.id ? approve.state : { status: 'idle' }}
              onApprove={() => watch(payment, () => approve.run(payment))}
            />
          )}
        </div>
      </section>
      {config.pushedRequests && <TamperingChoice />}
      <EmailForm />
      <Statement />
      <Ledger entries={ledger.value ?? []} />
    </>
  )
}
