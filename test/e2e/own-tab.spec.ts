import type { BrowserContext, Page } from '@playwright/test'
import { expect, greeting, signIn, test } from './demo.ts'

test.use({
  demoOptions: {
    client: { storage: 'session', tabs: 'isolated' },
    op: { configure: configuration => ({ ...configuration, issueRefreshToken: () => true }) },
  },
})

/** The grants that the pages ask the OP's token endpoint for. */
function watchGrants(context: BrowserContext, issuer: string): (string | null)[] {
  const grants: (string | null)[] = []
  context.on('request', request => {
    if (request.url() === `${issuer}/token` && request.method() === 'POST')
      grants.push(new URLSearchParams(request.postData() ?? '').get('grant_type'))
  })
  return grants
}

/** What the tab's own storage holds of its session: the tokens first, then the tab's id. */
function stored(page: Page): Promise<string> {
  return page.evaluate(() => {
    const ours = Object.entries({ ...sessionStorage }).filter(([key]) => key.startsWith('afresh:session:'))
    return ours.sort().join()
  })
}

test('an isolated tab renews with its refresh token after a reload, and its duplicate in a frame', async ({
  page,
  context,
  demo,
}) => {
  await context.clock.install({ time: new Date() })
  const grants = watchGrants(context, demo.issuer)
  await signIn(page, demo)
  await expect.poll(() => stored(page)).toMatch(/"refreshToken".*:tab/s)
  await page.reload()
  await expect(greeting(page, 'josh')).toBeVisible()
  expect(grants).toEqual(['authorization_code'])

  // A window that a page opens starts with a copy of its sessionStorage, as a duplicated tab does.
  const [copy] = await Promise.all([
    page.waitForEvent('popup'),
    page.evaluate(url => void window.open(url), demo.url),
  ])
  await expect(greeting(copy, 'josh')).toBeVisible()
  expect(grants).toEqual(['authorization_code'])
  expect(await stored(copy)).not.toContain('"refreshToken"')

  // Both pages' clock.
  await context.clock.fastForward(280_000)
  const renewals = ['authorization_code', 'refresh_token']
  await expect.poll(() => grants.slice(1).sort()).toEqual(renewals)
  await expect(greeting(page, 'josh')).toBeVisible()
  await expect(greeting(copy, 'josh')).toBeVisible()
})
