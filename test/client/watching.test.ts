// @vitest-environment jsdom
import type { Trigger } from 'afresh'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  answer,
  createClient,
  openTab,
  page,
  prompt,
  prompted,
  seconds,
  session,
  setUpPage,
  until,
} from '../support/client.ts'

setUpPage()
let reported: unknown[]
beforeEach(() => {
  reported = []
  vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
})

describe('a trigger of the app that throws', () => {
  const fault = new Error('of the app')
  const broken: Trigger = () => {
    throw fault
  }

  it('is reported, and the session is found all the same', async () => {
    page.frame = {}
    const client = openTab({ triggers: { own: { broken } } })
    await until(() => session(client).status === 'authenticated')
    expect(reported).toEqual([fault])
  })

  it('when it stops is reported, and the client is disposed of', async () => {
    page.frame = {}
    const own: Record<string, Trigger> = {
      broken: () => () => {
        throw fault
      },
    }
    const client = openTab({ triggers: { own } })
    await until(() => session(client).status === 'authenticated')
    client.dispose()
    expect(session(client).status).toBe('anonymous')
    expect(reported).toEqual([fault])
  })
})

it('a browser that refuses channels between pages still shows who is signed in', async () => {
  page.frame = {}
  const Channel = BroadcastChannel
  vi.stubGlobal(
    'BroadcastChannel',
    class extends Channel {
      constructor(name: string) {
        if (name === 'afresh:logout') throw new DOMException('no', 'SecurityError')
        super(name)
      }
    },
  )
  const client = openTab({ tabs: 'isolated' })
  await until(() => session(client).status === 'authenticated')
  expect(reported).toEqual([])
})

it('a trigger that is due when the page loads fires once the session is found', async () => {
  page.frame = { claims: { auth_time: seconds() - 1000 } }
  const events: string[] = []
  const client = openTab({
    triggers: { action: 'email.change', idTokenAge: 10 },
    logger: ({ type }) => events.push(type),
  })
  await until(() => session(client).status === 'authenticated')
  await until(() => events.includes('trigger.fired'))
})

it('a prerendered page asks nothing and starts nothing until it is shown', async () => {
  Object.defineProperty(document, 'prerendering', { value: true, configurable: true })
  try {
    for (const tabs of ['shared', 'isolated'] as const) {
      page.frame = {}
      const client = openTab({ tabs, timeLimit: 0.1 })
      await client.ready()
      for (let turn = 0; turn < 50; turn++) await new Promise(resolve => setImmediate(resolve))
      expect([session(client).status, page.visited.length]).toEqual(['initializing', 0])
      client.dispose()
    }
    const client = openTab()
    Reflect.deleteProperty(document, 'prerendering')
    document.dispatchEvent(new Event('prerenderingchange'))
    await until(() => session(client).status === 'authenticated')
  } finally {
    Reflect.deleteProperty(document, 'prerendering')
  }
})

it('focus asks the OP nothing: a popup that closes gives it back', async () => {
  const client = createClient()
  page.popups.push({ token: { expires_in: 60 } })
  await client.signIn()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
  client.mount()
  client.getAccessToken().catch(() => {})
  await prompted(client, 'session_ended')
  answer(client, 'cancel')
  await until(() => prompt(client) === null)
  const visits = page.visited.length
  window.dispatchEvent(new Event('focus'))
  for (let turn = 0; turn < 50; turn++) {
    await new Promise(resolve => setImmediate(resolve))
    await crypto.subtle.digest('SHA-256', new Uint8Array(1))
  }
  expect(page.visited.length).toBe(visits)
  expect(prompt(client)).toBeNull()
})
