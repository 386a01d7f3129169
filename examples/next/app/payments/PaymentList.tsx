'use client'
import { useAuthClient, useSession } from 'afresh'
import useSWR from 'swr'
import { inWords } from '../../lib/in-words'
import type { Payment } from '../../lib/payments'
import { SignIn } from '../SignIn'
import { PaymentRow } from './PaymentRow'

export function PaymentList() {
  const session = useSession()
  if (session.status === 'initializing') return <p>One moment…</p>
  if (session.status === 'anonymous') return <SignIn />
  // Another person gets another list: with another key, nothing of the former one stays.
  return <ListOf key={session.account.sub} person={session.account.sub} />
}

function ListOf({ person }: { person: string }) {
  const { fetch } = useAuthClient()
  const { data, error, isLoading, mutate } = useSWR(['/api/payments', person], async ([path]) => {
    const response = await fetch(path)
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return response.json() as Promise<Payment[]>
  })
  return (
    <>
      {isLoading && <p>One moment…</p>}
      {error !== undefined && <p role="alert">{inWords(error)}</p>}
      <ul>
        {data?.map(payment => (
          <PaymentRow key={payment.id} payment={payment} onApproved={() => mutate()} />
        ))}
      </ul>
    </>
  )
}
