import type { Browser, Page } from '@playwright/test'
import type { Demo, DemoOptions } from '../../../../demo/demo.ts'
import { generic, type ProviderProfile } from '../../../../src/providers/index.ts'
import { findDjango } from '../../../setup/providers.ts'
import { expect, oncePerSecond, type Person, passwords } from '../../demo.ts'
import { type ProviderUnderTest, type Session, signIn, type Tokens } from '../flows.ts'
import { type DjangoOptions, startDjango } from './django.ts'

const python = findDjango()

/** Why these tests are skipped, or nothing. */
export const missing = python
  ? ''
  : 'django-oauth-toolkit 1.7 is not installed (python3-django-oauth-toolkit and python3-django-cors-headers)'

const whoseAuthTime: Partial<ProviderProfile> = { authTime: 'person' }

const cannot = {
  'step-up by acr': 'has no acr',
  'sign-up': 'has no request that asks for a new account',
  'sign-out': 'has no sign-out page for apps, so its own session goes on',
}

/** The toolkit as it is: a person whom it knows is never asked again, whatever `prompt` and `max_age` say. */
export const asShipped: ProviderUnderTest = {
  name: 'django-oauth-toolkit 1.7',
  demo: demoOf({ knowsPrompts: false, refreshesIdTokens: false }),
  logIn,
  forget,
  ends: {
    'step-up by prompt': 'step_up_denied: stale',
    'step-up by max_age': 'step_up_denied: stale',
  },
  cannot: {
    ...cannot,
    'wrong person': 'lets only the person of its session in',
    switch: 'lets only the person of its session in',
  },
}

/** The toolkit in a project that has a view of its own for `prompt`. */
export const withPrompts: ProviderUnderTest = {
  name: 'django-oauth-toolkit 1.7 and a view for prompt',
  demo: demoOf({ knowsPrompts: true, refreshesIdTokens: false }),
  logIn,
  forget,
  cannot,
}

/** Josh signs in with another browser, which does not stay open. */
export async function signInElsewhere(
  browser: Browser,
  demo: Demo,
  provider: ProviderUnderTest,
): Promise<void> {
  const context = await browser.newContext()
  await signIn({ page: await context.newPage(), context, demo, provider })
  await context.close()
}

/** The demo with this OP, and with a profile that is `differences` besides what is always so. */
export function demoOf(options: DjangoOptions, differences = whoseAuthTime): DemoOptions {
  const { knowsPrompts: iframe } = options
  return {
    startOp: place => startDjango(python ?? '', place, options),
    client: {
      storage: 'session',
      provider: generic({ name: 'django-oauth-toolkit', maxAge: 'none', iframe, ...differences }),
      // Any language makes it fail: its issue 1468.
      uiLocales: '',
    },
    // A guard that knows whose `auth_time` it is refuses the policy of the payments, and the tests could not show why.
    guard: { provider: generic({ name: 'django-oauth-toolkit' }) },
  }
}

async function logIn(popup: Page, person: Person): Promise<void> {
  const name = popup.locator('[name=username]')
  // If it knows the person and does not ask, the popup closes at once.
  const asks = await name.waitFor().then(
    () => true,
    () => false,
  )
  if (!asks) return
  await name.fill(person)
  await popup.locator('[name=password]').fill(passwords[person])
  await oncePerSecond(() =>
    Promise.all([
      popup.waitForResponse(response => response.request().method() === 'POST'),
      popup.getByRole('button', { name: 'Sign in' }).click(),
    ]),
  )
}

/** Discovery does not name its revocation endpoint. */
async function forget(
  { page, context, demo }: Session,
  { refresh_token: token = '' }: Tokens,
): Promise<void> {
  const form = { token, token_type_hint: 'refresh_token', client_id: 'payments' }
  expect((await page.request.post(`${demo.issuer}/revoke_token/`, { form })).ok()).toBe(true)
  await context.clearCookies()
}
