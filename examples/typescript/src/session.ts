import type { SessionState } from 'afresh/client'
import { client } from './client.ts'
import { inWords } from './in-words.ts'
import { find } from './page.ts'
import { showPayments } from './payment-list.ts'

/** Shows who is signed in, now and from now on. */
export function showSession(): void {
  onClick('#sign-in', () => client.signIn())
  onClick('#sign-out', () => client.signOut())
  onClick('#switch', () => client.accounts.switchAccount())
  client.store.subscribe(({ session }, { session: former }) => {
    if (session !== former) show(session)
  })
}

/** Does something that may fail, and says how it failed. */
function onClick(button: string, act: () => Promise<unknown>): void {
  find(button).addEventListener('click', () => {
    fail()
    act().catch(fail)
  })
}

function fail(error?: unknown): void {
  find('#failure').textContent = error === undefined ? '' : inWords(error)
}

let person: string | undefined
let leave = (): void => {}

function show(session: SessionState): void {
  const account = session.status === 'authenticated' ? session.account : undefined
  find('#waiting').hidden = session.status !== 'initializing'
  find('#welcome').hidden = session.status !== 'anonymous'
  find('#person').hidden = account === undefined
  find('#payments').hidden = account === undefined
  find('#greeting').textContent = account ? `Hi ${account.name?.split(' ')[0] ?? account.sub}.` : ''
  // How a sign-in by full-page redirect failed. What fails in a popup rejects.
  if (session.status !== 'initializing' && session.error) fail(session.error)

  // A renewal changes the session too, but not the person.
  if (account?.sub === person) return
  person = account?.sub
  leave()
  leave = account ? showPayments(fail) : () => {}
}
