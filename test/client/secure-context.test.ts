// @vitest-environment jsdom
import { createAuthClient } from 'afresh'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openTab, page, session, setUpPage, until } from '../support/client.ts'

setUpPage()
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('createAuthClient on a page that is no secure context', () => {
  it.each([
    ['the page says so', 'isSecureContext', false],
    ['the browser keeps crypto.subtle back', 'crypto', { getRandomValues: () => {} }],
    ['the browser has no crypto', 'crypto', undefined],
  ])('throws when %s', (_, name, value) => {
    vi.stubGlobal(name, value)
    const create = () => createAuthClient({ issuer: 'https://op.example', clientId: 'payments' })
    expect(create).toThrow(
      expect.objectContaining({ code: 'configuration_invalid', message: expect.stringContaining('secure') }),
    )
  })
})

describe('a part of the platform that goes missing later is no fault of the network', () => {
  const failure = { code: 'configuration_invalid' }
  const removeSubtle = (): void => {
    const whole = crypto
    const getRandomValues = whole.getRandomValues.bind(whole)
    vi.stubGlobal('crypto', { getRandomValues, randomUUID: () => whole.randomUUID() })
  }

  it('for a sign-in', async () => {
    const client = openTab()
    await until(() => session(client).status === 'anonymous')
    removeSubtle()
    page.popups.push({})
    await expect(client.signIn()).rejects.toMatchObject(failure)
  })

  it('for a step-up', async () => {
    const client = openTab()
    await until(() => session(client).status === 'anonymous')
    page.popups.push({})
    await client.signIn()
    vi.stubGlobal('Request', undefined)
    await expect(client.stepUp('email.change')).rejects.toMatchObject(failure)
  })
})
