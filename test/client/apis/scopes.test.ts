// @vitest-environment jsdom

import { describe, expect, it } from 'vitest'
import { setActivation } from '../../support/activation.ts'
import { billing, refreshes, reports, setUpApis, signedIn } from '../../support/apis.ts'
import { answer, page, prompt, prompted, setUpPage } from '../../support/client.ts'

setUpPage()
setUpApis()

const lacking = (scope: string | null, status: number) => {
  const challenge = `Bearer error="insufficient_scope"${scope === null ? '' : `, scope="${scope}"`}`
  return { status, challenge }
}

describe('an API that says the token lacks a scope', () => {
  it.each([403, 401])(
    '(by a %i) gets one with that scope too, had by a refresh where a sign-in has asked for it',
    async status => {
      const client = await signedIn({ scope: 'openid reports.write' })
      reports.answer = token => (token.includes('write') ? { status: 200 } : lacking('reports.write', status))
      expect((await client.fetch(reports.url)).status).toBe(200)
      expect((await client.fetch(reports.url)).status).toBe(200)
      expect(refreshes.map(({ scope }) => scope)).toEqual(['reports.read', 'reports.read reports.write'])
      expect(prompt(client)).toBeNull()
    },
  )

  it('gets it from a frame where no sign-in has asked for it', async () => {
    const client = await signedIn()
    page.frame = { token: { access_token: 'at to write' } }
    reports.answer = token => (token.includes('write') ? { status: 200 } : lacking('reports.write', 403))
    expect((await client.fetch(reports.url)).status).toBe(200)
    expect(page.visited.map(url => url.searchParams.get('scope'))).toEqual([
      'openid reports.read reports.write',
    ])
  })

  it('gets it by the person’s consent where only that helps', async () => {
    const client = await signedIn()
    page.frame = { error: 'consent_required' }
    reports.answer = token => (token.includes('write') ? { status: 200 } : lacking('reports.write', 403))
    const call = client.fetch(reports.url, { method: 'POST', body: 'a report' })
    await prompted(client, 'consent_required')
    page.popups.push({ token: { access_token: 'at to write' } })
    answer(client, 'continue')
    expect((await call).status).toBe(200)
    expect(page.visited.at(-1)?.searchParams.get('scope')?.split(' ')).toEqual(
      expect.arrayContaining(['openid', 'profile', 'reports.read', 'billing.read', 'reports.write']),
    )
  })

  it.each([
    ['and goes on saying so', 'reports.write', { token: { access_token: 'at to write' } }, 2],
    ['that no OP gives', 'reports.write', { error: 'invalid_scope' }, 1],
    ['that the token was asked for with', 'reports.read', {}, 1],
    ['but names none', null, {}, 1],
    ['with characters that no scope has', 'reports.\\"write', {}, 1],
  ] as const)('%s is the answer itself', async (_, scope, frame, sent) => {
    const client = await signedIn()
    page.frame = frame
    reports.answer = () => lacking(scope, 403)
    expect((await client.fetch(reports.url)).status).toBe(403)
    expect(reports.tokens).toHaveLength(sent)
    expect(refreshes).toHaveLength(1)
    expect(prompt(client)).toBeNull()
  })

  it('is the answer itself when the person gives the consent up', async () => {
    const client = await signedIn({ renewal: { via: ['refresh'] } })
    reports.answer = () => lacking('reports.write', 403)
    const call = client.fetch(reports.url)
    await prompted(client, 'consent_required')
    answer(client, 'cancel')
    expect((await call).status).toBe(403)
  })

  it('asks the person again only after a click, once the consent has been declined', async () => {
    const userActivation = setActivation(false)
    const client = await signedIn({ renewal: { via: ['refresh'] } })
    reports.answer = () => lacking('reports.write', 403)
    const first = client.fetch(reports.url)
    await prompted(client, 'consent_required')
    answer(client, 'cancel')
    expect((await first).status).toBe(403)
    reports.answer = () => lacking('reports.all', 403)
    expect((await client.fetch(reports.url)).status).toBe(403)
    userActivation.isActive = true
    const clicked = client.fetch(reports.url)
    await prompted(client, 'consent_required')
    answer(client, 'cancel')
    expect((await clicked).status).toBe(403)
  })

  it('gets the session’s token widened where that is its token', async () => {
    const client = await signedIn({ api: { origins: [reports.url] } })
    page.frame = { token: { access_token: 'at to write' } }
    reports.answer = token => (token.includes('write') ? { status: 200 } : lacking('reports.write', 403))
    expect((await client.fetch(reports.url)).status).toBe(200)
    expect(page.visited.at(-1)?.searchParams.get('scope')).toBe('openid profile email reports.write')
    expect(await client.getAccessToken()).toBe('at')
  })

  it.each([
    ['the scope of another API of the same resource', 'openid', { scope: 'billing.pay' }],
    ['a scope of the session’s token, which another API takes', 'openid billing.pay', {}],
  ])('cannot have %s', async (_, scope, other) => {
    const api = [
      { origin: reports.url, scope: 'reports.read' },
      { origin: billing.url, ...other },
    ]
    const client = await signedIn({ api, scope })
    reports.answer = () => lacking('billing.pay', 403)
    expect((await client.fetch(reports.url)).status).toBe(403)
    expect(refreshes).toHaveLength(1)
  })

  it('elsewhere than in `api` is not listened to', async () => {
    const client = await signedIn({ api: [{ origin: billing.url }] })
    reports.answer = () => lacking('reports.write', 403)
    expect((await client.fetch(reports.url)).status).toBe(403)
    expect(reports.tokens).toEqual([''])
  })
})
