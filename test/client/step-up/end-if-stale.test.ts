// @vitest-environment jsdom
import { type AuthClient, InteractionCancelledError, type StepUpOptions } from 'afresh'
import { describe, expect, it } from 'vitest'
import {
  answer,
  op,
  openTab,
  page,
  prompted,
  seconds,
  session,
  setUpPage,
  until,
} from '../../support/client.ts'
import { payment } from '../../support/shop.ts'

setUpPage()

const stale = { code: 'step_up_denied', reason: 'stale' }

async function signedInTab(): Promise<AuthClient> {
  const client = openTab()
  await until(() => session(client).status === 'anonymous')
  page.popups.push({ token: { refresh_token: 'rt' } })
  await client.signIn()
  return client
}

/** A step-up whose person comes back from the OP with a login of before. */
async function answerStale(client: AuthClient, work: Promise<unknown>): Promise<unknown> {
  const outcome = work.catch(error => error)
  await prompted(client, 'step_up')
  page.popups.push({ claims: { auth_time: seconds() - 600 } })
  answer(client, 'continue')
  return outcome
}

const stepUp = (client: AuthClient, onStale: StepUpOptions['onStale']): Promise<unknown> =>
  client.stepUp('payment.approve', { context: payment, onStale })

describe('a step-up whose new login the backend finds too old', () => {
  it.each([undefined, 'keep'] as const)('leaves the session as it is with onStale %s', async onStale => {
    const client = await signedInTab()
    expect(await answerStale(client, stepUp(client, onStale))).toMatchObject(stale)
    expect(session(client).status).toBe('authenticated')
  })

  it('ends the session in all tabs with onStale end_session', async () => {
    const client = await signedInTab()
    const sibling = openTab()
    await until(() => session(sibling).status === 'authenticated')
    expect(await answerStale(client, stepUp(client, 'end_session'))).toMatchObject(stale)
    expect(session(client)).toMatchObject({ status: 'anonymous', reason: 'login_required' })
    await until(() => session(sibling).status === 'anonymous')
    await until(() => op.forms.at(-1)?.get('token') === 'rt')
  })

  it('ends the session where an action has the option', async () => {
    const client = await signedInTab()
    const options = { context: () => payment, onStale: 'end_session' } as const
    const action = client.action('payment.approve', () => 'done', options)
    expect(await answerStale(client, action.run(payment))).toMatchObject(stale)
    expect(action.store.getState().state).toMatchObject({ status: 'failed', error: stale })
    expect(session(client).status).toBe('anonymous')
  })

  it('ends no session that has begun since', async () => {
    const client = await signedInTab()
    page.amend = body => {
      if (body.error !== 'stale') return body
      page.amend = same => same
      // The person has signed out, and in again, while the answer was on its way.
      void client.signOut().catch(() => {})
      page.popups.push({})
      void client.signIn()
      return body
    }
    await answerStale(client, stepUp(client, 'end_session'))
    await until(() => session(client).status === 'authenticated')
  })
})

it('a step-up that the person cancels ends no session', async () => {
  const client = await signedInTab()
  const ended = expect(stepUp(client, 'end_session')).rejects.toBeInstanceOf(InteractionCancelledError)
  await prompted(client, 'step_up')
  answer(client, 'cancel')
  await ended
  expect(session(client).status).toBe('authenticated')
})
