// @vitest-environment jsdom
import type { AuthClient } from 'afresh'
import { beforeEach, describe, expect, it } from 'vitest'
import { createRecorder, type Happening, inspect, placeOf } from '../../src/client/inspection.ts'
import { initialState } from '../../src/core/machine/state.ts'
import { createClient, op, page, session, setUpPage, until } from '../support/client.ts'

let client: AuthClient

setUpPage()
beforeEach(() => {
  client = createClient()
})

/** What the devtools see of it, in short. */
function seen(): string[] {
  return (inspect(client)?.happenings() ?? []).map(inShort)
}

function inShort(happening: Happening): string {
  switch (happening.type) {
    case 'logged':
      return happening.event.type
    case 'began':
      return `${happening.work} began`
    case 'step':
      return `${happening.event} → ${[happening.to.session, ...happening.to.interactions].join(' + ')}`
  }
}

describe('a client shows the devtools', () => {
  it('how it found no session, and how a person signed in', async () => {
    page.popups.push({})
    client.mount()
    await until(() => session(client).status === 'anonymous')
    await client.signIn()
    expect(seen()).toEqual([
      'restore began',
      'session.missing → anonymous',
      'session.anonymous',
      'visit.requested → anonymous + sign_in (popup)',
      'popup.opened',
      'visit.answered → authenticated',
      'session.signed_in',
    ])
  })

  it('that a renewal began, whatever becomes of it', async () => {
    page.popups.push({})
    await client.signIn()
    page.frame = { error: 'login_required' }
    await client.renew().catch(() => {})
    expect(seen().slice(-4)).toEqual([
      'session.signed_in',
      'renewal began',
      'renewal.failed → authenticated',
      'renewal.failed',
    ])
  })

  it('what it was made with', () => {
    expect(inspect(client)?.options).toMatchObject({ issuer: op.issuer, storage: 'memory' })
  })
})

describe('what is recorded', () => {
  it('is no step that leaves the machine where it is', () => {
    const recorder = createRecorder(() => 1)
    recorder.step('accounts.remembered', { ...initialState, remembered: [] }, initialState)
    expect(recorder.happenings()).toEqual([])
  })

  it('has the reason of a place', () => {
    const recorder = createRecorder(() => 1)
    const failed = { ...initialState, session: { status: 'anonymous', reason: 'failed' } } as const
    recorder.step('session.missing', failed, initialState)
    expect(recorder.happenings()).toMatchObject([{ to: { session: 'anonymous', detail: 'failed' } }])
    expect(placeOf(initialState).detail).toBeNull()
  })

  it('is the last 200', () => {
    let time = 0
    const recorder = createRecorder(() => time++)
    for (let count = 0; count < 250; count++) recorder.began('renewal')
    expect(recorder.happenings()).toHaveLength(200)
    expect(recorder.happenings()[0]?.at).toBe(50)
  })
})
