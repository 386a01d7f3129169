// @vitest-environment jsdom
import { auth0, authAction, curity, kinde, loginGov, logto, ory, zitadel } from 'afresh/providers'
import { expect, it } from 'vitest'
import { createClient, page, setUpPage } from '../support/client.ts'

setUpPage()

it.each([
  [auth0, { screen_hint: 'signup' }],
  [authAction, { prompt: 'signup' }],
  [kinde, { prompt: 'create' }],
  [loginGov, { prompt: 'create' }],
  [logto, { first_screen: 'register' }],
  [ory, { prompt: 'registration' }],
  [zitadel, { prompt: 'create' }],
])('%o is asked for its form for new people by %j', async (make, params) => {
  page.popups.push('close')
  await createClient({ provider: make() })
    .signUp()
    .catch(() => {})
  const [visit] = page.visited
  expect(Object.fromEntries(visit?.searchParams ?? [])).toMatchObject(params)
})

it('a provider without such a form says so, and nothing is sent', async () => {
  page.popups.push('stay')
  const signedUp = createClient({ provider: curity() }).signUp()
  await expect(signedUp).rejects.toMatchObject({ code: 'configuration_invalid' })
  expect(page.visited).toEqual([])
})
