// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import {
  billing,
  listed,
  refreshes,
  reports,
  setUpApis,
  signedIn,
  signedInWithFrames,
} from '../../support/apis.ts'
import { answer, op, page, prompt, prompted, session, setUpPage } from '../../support/client.ts'

setUpPage()
setUpApis()

const lastQuery = (): Record<string, string> => Object.fromEntries(page.visited.at(-1)?.searchParams ?? [])

describe('without a refresh token, the token of an API', () => {
  it('comes from one visit in a hidden frame, which asks for nothing else', async () => {
    const client = await signedInWithFrames()
    await Promise.all(Array.from({ length: 50 }, () => client.fetch(reports.url)))
    expect(page.visited).toHaveLength(1)
    expect(lastQuery()).toMatchObject({
      prompt: 'none',
      resource: 'https://reports.example',
      scope: 'openid reports.read',
      id_token_hint: expect.any(String),
    })
    expect(op.forms.map(form => form.get('resource'))).toEqual(['https://reports.example'])
    expect(new Set(reports.tokens)).toEqual(new Set(['at of a frame']))
    expect(await client.getAccessToken()).toBe('at')
  })

  it('is had for each API', async () => {
    const client = await signedInWithFrames()
    await Promise.all([client.fetch(reports.url), client.fetch(billing.url)])
    expect(op.forms.map(form => form.get('resource')).sort()).toEqual([
      'https://billing.example',
      'https://reports.example',
    ])
  })

  it('is not taken from a frame that names another person, who is asked about', async () => {
    const client = await signedInWithFrames()
    page.frame = { claims: { sub: 'jane' } }
    await expect(client.fetch(reports.url)).rejects.toMatchObject({ code: 'account_mismatch' })
    expect(prompt(client)?.type).toBe('account_mismatch')
    expect(reports.tokens).toEqual([])
  })

  it.each([
    ['login_required', 'session_ended', null],
    ['consent_required', 'consent_required', 'consent'],
  ] as const)('raises the prompt %s → %s, whose visit brings it', async (error, type, asked) => {
    const client = await signedInWithFrames()
    page.frame = { error }
    const calls = Promise.all([client.fetch(reports.url), client.fetch(reports.url)])
    await prompted(client, type)
    page.popups.push({ token: { access_token: 'at of the visit' } })
    answer(client, 'continue')
    expect((await calls).map(({ status }) => status)).toEqual([200, 200])
    expect(page.visited).toHaveLength(2)
    expect(page.visited.at(-1)?.searchParams.getAll('resource')).toEqual([
      'https://reports.example',
      'https://billing.example',
    ])
    expect(lastQuery().prompt ?? null).toBe(asked)
    expect(op.forms.at(-1)?.get('resource')).toBe('https://reports.example')
    expect(new Set(reports.tokens)).toEqual(new Set(['at of the visit']))
    expect(await client.getAccessToken()).toBe('at')
    expect(session(client)).toMatchObject({ status: 'authenticated', renewal: { status: 'ok' } })
  })

  it('is not had when the person gives that up, and the next request asks again', async () => {
    const client = await signedInWithFrames()
    page.frame = { error: 'login_required' }
    for (const _ of ['first', 'second']) {
      const call = client.fetch(reports.url).catch(error => error.code)
      await prompted(client, 'session_ended')
      answer(client, 'cancel')
      expect(await call).toBe('interaction_cancelled')
    }
    expect(await client.getAccessToken()).toBe('at')
  })
})

it('a refresh token is not used for an API that no sign-in has asked for, since some OPs use it up in refusing', async () => {
  const client = await signedIn()
  page.frame = { token: { access_token: 'at of a frame' } }
  expect(await client.getAccessToken({ resource: 'https://other.example' })).toBe('at of a frame')
  expect(refreshes).toEqual([])
  expect(lastQuery().resource).toBe('https://other.example')
})

it('`renewal.via` says which way comes first', async () => {
  const client = await signedIn({ renewal: { via: ['iframe', 'refresh'] }, api: listed() })
  page.frame = { error: 'login_required' }
  await client.fetch(reports.url)
  expect(page.visited).toHaveLength(1)
  expect(reports.tokens).toEqual(['reports reports.read 1'])
})
