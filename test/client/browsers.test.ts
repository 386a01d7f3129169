// @vitest-environment jsdom
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { anySignal } from '../../src/client/any-signal.ts'
import {
  answer,
  createClient,
  op,
  openTab,
  page,
  prompted,
  seconds,
  session,
  setUpPage,
  until,
} from '../support/client.ts'
import { removeYoungApis } from '../support/young-apis.ts'

let restore = (): void => {}
setUpPage()
beforeAll(() => {
  restore = removeYoungApis()
})
afterAll(() => restore())

describe('a browser of the baseline, which lacks what came later', () => {
  it('is what these tests run in', () => {
    expect([URL, AbortSignal].map(one => 'canParse' in one || 'any' in one)).toEqual([false, false])
  })

  it('signs in, renews, sends a request, steps up and signs out', async () => {
    page.frame = { error: 'login_required' }
    const client = openTab({
      api: { origins: [location.origin, op.issuer] },
      session: { idle: 900 },
      rememberAccounts: 3,
      storage: 'session',
    })
    await until(() => session(client).status === 'anonymous')
    page.popups.push({ claims: { auth_time: seconds() - 1000 }, token: { refresh_token: 'rt' } }, {})
    await client.signIn()
    op.refreshAnswer = { token: { id_token: undefined } }
    await client.renew()
    expect((await client.fetch(`${op.issuer}/resource`)).status).toBe(200)
    const granted = client.stepUp('email.change')
    await prompted(client, 'step_up')
    answer(client, 'continue')
    const grant = await granted
    expect((await grant.fetch('/api/email', { method: 'POST' })).status).toBe(200)
    await client.signOut()
    expect(session(client)).toMatchObject({ status: 'anonymous', reason: 'signed_out' })
  })

  it('finds the session again in a frame', async () => {
    page.frame = {}
    const client = openTab()
    await until(() => session(client).status === 'authenticated')
  })

  it('says which option is wrong', () => {
    expect(() => createClient({ issuer: 'nowhere' })).toThrow(
      expect.objectContaining({ code: 'configuration_invalid' }),
    )
  })
})

describe.each([
  ['with AbortSignal.any', () => restore()],
  ['without it', () => void removeYoungApis()],
])('%s, a signal that follows others', (_, prepare) => {
  beforeEach(prepare)

  it('is aborted with the first that is, with its reason', () => {
    const [one, two] = [new AbortController(), new AbortController()]
    const { signal } = anySignal(one.signal, two.signal)
    expect(signal.aborted).toBe(false)
    two.abort('second')
    one.abort('first')
    expect(signal.reason).toBe('second')
  })

  it('is aborted from the start when one of them is', () => {
    const { signal } = anySignal(new AbortController().signal, AbortSignal.abort('before'))
    expect(signal.reason).toBe('before')
  })
})

it('a released signal follows no more, and leaves nothing on the others', () => {
  removeYoungApis()
  const one = new AbortController()
  const { signal, release } = anySignal(one.signal)
  release()
  one.abort()
  expect(signal.aborted).toBe(false)
})
