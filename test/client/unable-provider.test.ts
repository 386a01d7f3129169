// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { createClient, page, prompt, session, setUpPage } from '../support/client.ts'

setUpPage()

const refused = (reason: string) =>
  expect.objectContaining({ code: 'configuration_invalid', message: expect.stringContaining(reason) })

it('a client of a provider where no browser app can sign people in is not made, and says why', () => {
  const provider = { name: 'acme', refusal: 'it wants a client secret' }
  expect(() => createClient({ provider })).toThrowError(refused('it wants a client secret'))
})

describe('where no step-up can be had', () => {
  const provider = { name: 'acme', noStepUp: 'auth_time is not the login’s' }
  const toBackend = () => page.requests.filter(({ url }) => url.includes('/api/'))

  it('a session is there all the same', async () => {
    const client = createClient({ provider })
    page.popups.push({})
    await expect(client.signIn()).resolves.toMatchObject({ sub: 'josh' })
  })

  it.each(['backend', 'access-token'] as const)(
    'stepUp for what the %s decides says why, and asks neither backend nor person',
    async decides => {
      const client = createClient({ provider })
      page.popups.push({})
      await client.signIn()
      const before = page.visited.length
      await expect(client.stepUp('email.change', { decides })).rejects.toEqual(refused(provider.noStepUp))
      expect(toBackend()).toEqual([])
      expect([page.visited.length, prompt(client)]).toEqual([before, null])
    },
  )

  it('stepUp says so before it looks for a session', async () => {
    const client = createClient({ provider })
    await expect(client.stepUp('email.change')).rejects.toEqual(refused(provider.noStepUp))
    expect(page.visited).toEqual([])
  })

  it('an action fails with it, and performs nothing', async () => {
    const client = createClient({ provider })
    page.popups.push({})
    await client.signIn()
    let performed = 0
    const action = client.action('email.change', async () => performed++)
    await expect(action.run(undefined)).rejects.toEqual(refused(provider.noStepUp))
    expect(performed).toBe(0)
    expect(action.store.getState().state).toMatchObject({
      status: 'failed',
      error: { code: 'configuration_invalid' },
    })
  })

  it.each([
    'Bearer error="insufficient_user_authentication", max_age="60"',
    'Bearer error="insufficient_user_authentication", acr_values="gold"',
  ])('a request whose API answers %s fails with it', async header => {
    const client = createClient({ provider })
    page.popups.push({})
    await client.signIn()
    page.intercept = ({ url }) =>
      url.endsWith('/reports')
        ? new Response(null, { status: 401, headers: { 'WWW-Authenticate': header } })
        : undefined
    const before = page.visited.length
    await expect(client.fetch('/reports')).rejects.toEqual(refused(provider.noStepUp))
    expect([page.visited.length, prompt(client)]).toEqual([before, null])
    expect(session(client).status).toBe('authenticated')
  })

  it('a client with triggers is not made: they could only fail', () => {
    expect(() => createClient({ provider, triggers: { action: 'look', idle: 60 } })).toThrowError(
      refused('triggers'),
    )
  })
})
