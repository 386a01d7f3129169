import type { Page } from '@playwright/test'
import { people } from '../../../../demo/op/people.ts'
import { oncePerSecond, type Person, passwords } from '../../demo.ts'
import { type ProviderUnderTest, testFlows } from '../flows.ts'
import { startBetterAuth } from './better-auth.ts'
import { testDoctor } from './doctor.ts'

const provider: ProviderUnderTest = {
  name: 'better-auth 1.7',
  demo: { startOp: startBetterAuth },
  logIn,
  switchTo: async (popup, person) => {
    await popup.getByRole('link', { name: 'Use another account' }).click()
    await logIn(popup, person)
  },
  signUp: async popup => {
    await popup.getByLabel('Name').fill('Robin Berg')
    await popup.getByLabel('E-mail').fill(`${crypto.randomUUID()}@example.com`)
    await popup.getByLabel('Password').fill('robin-pw')
    await popup.getByRole('button', { name: 'Create account' }).click()
    return 'Robin'
  },
  cannot: { 'step-up by acr': 'has one acr, which means nothing' },
}
testFlows(provider)
testDoctor(provider, { 'prompt=login': 'good', max_age: 'good', iframe: 'good', 're-authentication': 'good' })

async function logIn(popup: Page, person: Person): Promise<void> {
  await popup.getByLabel('E-mail').fill(people.find(({ username }) => username === person)?.email ?? '')
  await popup.getByLabel('Password').fill(passwords[person])
  await oncePerSecond(() =>
    Promise.all([
      popup.waitForResponse(response => response.request().method() === 'POST'),
      popup.getByRole('button', { name: 'Sign in' }).click(),
    ]),
  )
}
