import { client } from './client.ts'
import { inWords } from './in-words.ts'
import { find } from './page.ts'
import { approvePayment, loadPayments, type Payment } from './payments.ts'

const euros = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' })

/** Shows the payments of the person. Returns what ends it: nothing of the person stays. */
export function showPayments(onFailure: (error: unknown) => void): () => void {
  const list = find('#list')
  const leaving = new AbortController()
  const { signal } = leaving
  loadPayments(signal).then(
    payments => list.replaceChildren(...payments.map(payment => rowOf(payment, signal))),
    error => signal.aborted || onFailure(error),
  )
  return () => {
    leaving.abort()
    list.replaceChildren()
  }
}

function rowOf(payment: Payment, leaving: AbortSignal): Node {
  const row = find<HTMLTemplateElement>('#payment').content.cloneNode(true) as DocumentFragment
  const part = <T extends HTMLElement>(selector: string): T => find<T>(selector, row)
  const [approved, status] = [part('.approved'), part('[role=status]')]
  const [approve, finish, discard] = [part('.approve'), part('.finish'), part('.discard')]
  part('.to').textContent = payment.to
  part('.amount').textContent = euros.format(payment.cents / 100)

  const action = client.action('payment.approve', approvePayment, {
    // What the person agrees to: the backend approves this, and nothing else.
    context: ({ id, cents, to }: Payment) => ({ id, cents, to }),
    key: payment.id,
  })
  const draw = (): void => {
    const { state, pending } = action.store.getState()
    const approvedBy = state.status === 'succeeded' ? state.result.approvedBy : payment.approvedBy
    const isWaiting = approvedBy === null
    const isUnderWay = !['idle', 'failed', 'succeeded'].includes(state.status)
    approved.hidden = isWaiting
    approved.textContent = isWaiting ? '' : `Approved by ${approvedBy}`
    approve.hidden = !isWaiting || pending !== null
    approve.setAttribute('aria-disabled', String(isUnderWay))
    finish.hidden = discard.hidden = !isWaiting || pending === null
    if (pending) status.textContent = 'You signed in to approve this. It is not approved yet.'
    else if (state.status === 'failed') status.textContent = inWords(state.error)
    else status.textContent = isUnderWay ? 'One moment…' : ''
  }
  // `state` tells how it fails, so there is nothing to catch.
  approve.addEventListener('click', () => void action.run(payment).catch(() => {}))
  finish.addEventListener(
    'click',
    () =>
      void action.store
        .getState()
        .pending?.confirm()
        .catch(() => {}),
  )
  discard.addEventListener('click', () => action.store.getState().pending?.discard())
  action.store.subscribe(draw)
  // Finds an approval that the page was left for, to sign in.
  leaving.addEventListener('abort', action.mount())
  draw()
  return row
}
