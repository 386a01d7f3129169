import { createTestClient, type TestClient } from 'afresh/testing/client'
import { beforeEach, describe, expect, it } from 'vitest'
import { inspect } from '../../src/client/inspection.ts'

// In Node: there is neither a page nor a storage. What a test client can do, test/testing tells in full.
describe('a client in a browser without a page', () => {
  let auth: TestClient

  beforeEach(() => {
    expect([typeof document, typeof localStorage]).toEqual(['undefined', 'undefined'])
    auth = createTestClient({ session: { name: 'Josh' }, respond: () => new Response() })
    auth.client.mount()
  })

  it('gives its token to another tab', async () => {
    const tab = auth.otherTab()
    await auth.settled()
    expect(await tab.client.getAccessToken()).toBe(await auth.client.getAccessToken())
  })

  it('renews the session when its clock says so, and at no other time', async () => {
    await auth.clock.advance(200)
    expect(auth.requests).toEqual([])
    await auth.clock.advance(100)
    expect(auth.requests.map(({ url }) => new URL(url).pathname)).toEqual(['/token'])
    const form = await auth.requests[0]?.formData()
    expect(form?.get('grant_type')).toBe('refresh_token')
  })

  it('reads the relative URLs of requests against its own', async () => {
    await auth.client.fetch('accounts?of=josh')
    expect(auth.requests.map(({ url }) => url)).toEqual(['http://localhost:3000/accounts?of=josh'])
  })

  it('tells its clock to the devtools', async () => {
    const begun = auth.clock.now()
    await auth.clock.advance(5)
    const inspection = inspect(auth.client)
    expect(inspection?.now()).toBe(begun + 5)
    expect(new Set(inspection?.happenings().map(({ at }) => at))).toEqual(new Set([begun * 1000]))
  })
})
