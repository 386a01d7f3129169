// @vitest-environment jsdom

import { beforeEach, describe, expect, it } from 'vitest'
import { discover } from '../../src/op/discovery.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'
import { ManualClock } from '../support/shop.ts'

const issuer = 'https://op.example'
const document = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
}
const key = `afresh:metadata:${issuer}`
const clock = new ManualClock()
let loads = 0
const load = async (): Promise<object> => {
  loads++
  return document
}
const ask = (metadataUrl?: string) =>
  discover({ issuer, metadataUrl }, load, clock.now, pageBrowser.tabStorage)

beforeEach(() => {
  sessionStorage.clear()
  loads = 0
})

describe('what discovery says', () => {
  it('is asked for once in an hour', async () => {
    await ask()
    clock.advance(3599)
    expect(await ask()).toEqual(document)
    expect(loads).toBe(1)
    clock.advance(1)
    await ask()
    expect(loads).toBe(2)
  })

  it.each<[string, unknown]>([
    ['a script for an endpoint', { metadata: { ...document, end_session_endpoint: 'javascript:alert(1)' } }],
    ['a token endpoint without TLS', { metadata: { ...document, token_endpoint: 'http://evil.example' } }],
    ['another issuer', { metadata: { ...document, issuer: 'https://evil.example' } }],
    ['no endpoint', { metadata: { issuer } }],
    ['no time', { at: undefined, metadata: document }],
    ['another shape', { metadata: 'https://evil.example' }],
    ['text', 'metadata'],
    ['a list', []],
  ])('is asked for anew where this tab kept %s', async (_, kept) => {
    const entry = typeof kept === 'object' ? { at: clock.time, ...kept } : kept
    sessionStorage.setItem(key, JSON.stringify(entry))
    expect(await ask()).toEqual(document)
    expect(loads).toBe(1)
  })

  it('is kept for its own place, not for its issuer alone', async () => {
    for (const place of [undefined, 'https://op.example/a', 'https://op.example/b']) await ask(place)
    expect(loads).toBe(3)
    for (const place of [undefined, 'https://op.example/a', 'https://op.example/b']) await ask(place)
    expect(loads).toBe(3)
  })

  it('is not kept where it cannot be used', async () => {
    const evil = async (): Promise<object> => ({ ...document, token_endpoint: 'javascript:alert(1)' })
    const refused = discover({ issuer }, evil, clock.now, pageBrowser.tabStorage)
    await expect(refused).rejects.toMatchObject({ code: 'configuration_invalid' })
    expect(sessionStorage).toHaveLength(0)
    await ask()
    expect(loads).toBe(1)
  })
})
