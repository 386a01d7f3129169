// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest'
import { departures, openTab, page, session, setUpPage, until } from '../../support/client.ts'

setUpPage()
beforeEach(() => {
  // jsdom says that it cannot leave the page.
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

it('the page stays when the person signs in while a hidden frame gives no answer', async () => {
  // The last way to find the session is a full-page redirect to the OP.
  page.frame = 'stay'
  const client = openTab({ timeLimit: 0.3 })
  await until(() => page.visited.length === 1)
  page.popups.push({})
  await client.signIn()
  // The frame is given up, and the restore is over.
  await until(() => page.openWindows === 0)
  for (let turn = 0; turn < 50; turn++) await new Promise(resolve => setImmediate(resolve))
  expect(departures()).toEqual([])
  expect(session(client).status).toBe('authenticated')
})

it('a page that is prerendered asks the OP nothing before it is shown, also when the app sends a request', async () => {
  Object.defineProperty(document, 'prerendering', { value: true, configurable: true })
  const client = openTab({ timeLimit: 0.2 })
  await client.ready()
  await client.getAccessToken().catch(() => {})
  expect(page.visited).toEqual([])
  Object.defineProperty(document, 'prerendering', { value: false, configurable: true })
  page.frame = {}
  document.dispatchEvent(new Event('prerenderingchange'))
  await until(() => session(client).status === 'authenticated')
})
