// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { billing, listed, refreshes, reports, secondTab, setUpApis, signedIn } from '../../support/apis.ts'
import { createClient, page, session, setUpPage, unload, until } from '../../support/client.ts'

setUpPage()
setUpApis()

describe('another tab', () => {
  it('takes an API’s token over instead of asking the OP', async () => {
    const first = await signedIn()
    await first.fetch(reports.url)
    const second = await secondTab()
    await second.fetch(reports.url)
    expect(new Set(reports.tokens)).toEqual(new Set(['reports reports.read 1']))
    expect(refreshes).toHaveLength(1)
  })

  it('waits for the one that asks the OP: one request in the browser for each API', async () => {
    const first = await signedIn()
    const second = await secondTab()
    await Promise.all([first, second].flatMap(tab => [tab.fetch(reports.url), tab.fetch(billing.url)]))
    expect(refreshes.map(({ api }) => api).sort()).toEqual([
      'https://billing.example',
      'https://reports.example',
    ])
  })

  it('goes on with the refresh token that an API’s token has come with', async () => {
    const first = await signedIn()
    const second = await secondTab()
    await first.fetch(reports.url)
    await second.renew()
    await first.fetch(billing.url)
    expect(await second.getAccessToken()).toBe('own 2')
    expect(billing.tokens).toEqual(['billing billing.read 3'])
  })

  it('shows nothing new when an API’s token has come to the session', async () => {
    const first = await signedIn()
    const second = await secondTab()
    const before = session(second)
    await first.fetch(reports.url)
    await second.fetch(reports.url)
    expect(session(second)).toBe(before)
  })
})

it.each([
  ['keeps the tokens of all APIs with `storage: session`', 'session', 1],
  ['asks anew with `storage: memory`', 'memory', 2],
] as const)('a reload %s', async (_, storage, requests) => {
  const client = await signedIn({ storage })
  await client.fetch(reports.url)
  const kept = { tab: { ...sessionStorage }, browser: { ...localStorage } }
  await unload(client)
  Object.assign(sessionStorage, kept.tab)
  Object.assign(localStorage, kept.browser)
  if (storage === 'memory') page.frame = { token: { refresh_token: 'rt1' } }
  const reloaded = createClient({ api: listed(), storage })
  reloaded.mount()
  await until(() => session(reloaded).status === 'authenticated')
  await reloaded.fetch(reports.url)
  expect(refreshes).toHaveLength(requests)
})
