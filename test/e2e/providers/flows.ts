import type { BrowserContext, Locator, Page } from '@playwright/test'
import { policies } from '../../../demo/api/guard.ts'
import type { Demo, DemoOptions } from '../../../demo/demo.ts'
import {
  answer,
  approveButton,
  closed,
  expect,
  fillEmail,
  greeting,
  outcome,
  type Person,
  popupOf,
  prompt,
  signOut,
  test,
} from '../demo.ts'
import { type FlowName, flowNames } from './flow-names.ts'

export type { FlowName } from './flow-names.ts'

export interface ProviderUnderTest {
  /** The column of the table, and how its tests' names begin. */
  readonly name: string
  readonly demo: DemoOptions
  /** Signs the person in at the OP's own pages, as far as the popup's last click. */
  logIn(popup: Page, person: Person): Promise<void>
  /** After "Not you?", where the OP lets people choose an account first. Default: `logIn`. */
  switchTo?(popup: Page, person: Person): Promise<void>
  /** Whether "Not you?" tells the person of a sign-out, and then leaves with the whole page. Default: no. */
  readonly signsOutFirst?: boolean
  /** What the person does at the OP's own page about signing out. Default: nothing, it comes back by itself. */
  leave?(page: Page): Promise<void>
  /** The OP's session ends there, and this browser does not know. Default: its cookies and refresh tokens go. */
  forget?(session: Session, tokens: Tokens): Promise<void>
  /** The `acr` to ask a signed-in person for, and what the person then does at the OP. Default: no such flow. */
  readonly acr?: { readonly value: string; meet(popup: Page): Promise<void> }
  /** Makes an account at the OP's own pages, and resolves with its owner's first name. Default: no such flow. */
  signUp?(popup: Page): Promise<string>
  /**
   * Where a flow must not end well: the code that the page then shows (`step_up_denied: stale`), or `anonymous` after
   * a restore. After `login_required` the session is kept then, and nobody is asked.
   */
  readonly ends?: Partial<Record<FlowName, string>>
  /** Why this OP has no such flow. */
  readonly cannot?: Partial<Record<FlowName, string>>
}

export interface Session {
  readonly page: Page
  readonly context: BrowserContext
  readonly demo: Demo
  readonly provider: ProviderUnderTest
}

/** What the OP's token endpoint answered, the last time. */
export interface Tokens {
  readonly access_token: string
  readonly expires_in: number
  readonly refresh_token?: string
}

/** Defines a test for each flow, named `<provider>: <flow>`; those that cannot be are skipped, with the reason. */
export function testFlows(provider: ProviderUnderTest): void {
  test.describe(() => {
    test.use({ demoOptions: provider.demo })
    for (const flow of flowNames) {
      test(`${provider.name}: ${flow}`, async ({ page, context, demo }, { annotations }) => {
        const reason = provider.cannot?.[flow]
        test.skip(reason !== undefined, reason)
        const end = provider.ends?.[flow]
        if (end !== undefined) annotations.push({ type: 'ends', description: end })
        await flows[flow]({ page, context, demo, provider })
      })
    }
  })
}

export async function signIn({ page, demo, provider }: Session, person: Person = 'josh'): Promise<void> {
  await page.goto(demo.url)
  const popup = await popupOf(page, page.getByRole('button', { name: 'Sign in' }))
  await Promise.all([closed(popup), provider.logIn(popup, person)])
  await expect(greeting(page, person)).toBeVisible()
}

/** The person goes on in the prompt, and does at the OP what is to be done. */
async function visit({ page }: Session, act: (popup: Page) => Promise<unknown>): Promise<void> {
  const popup = await popupOf(page, answer(page, 'Continue'))
  await Promise.all([closed(popup), act(popup)])
}

const flows: Record<FlowName, (session: Session) => Promise<void>> = {
  'sign-in': signIn,

  restore: async session => {
    const { page, demo, provider } = session
    await signIn(session)
    await page.reload()
    if (provider.ends?.restore === undefined) await expect(greeting(page, 'josh')).toBeVisible()
    else await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
    await expect(page).toHaveURL(`${demo.url}/`)
  },

  renewal: async session => {
    const tokens = await signInAtNoon(session)
    const renewed = nextTokens(session.page)
    await session.context.clock.fastForward(almostAll(tokens))
    expect((await renewed).access_token).not.toBe(tokens.access_token)
    await expect(greeting(session.page, 'josh')).toBeVisible()
    await expect(prompt(session.page)).toBeHidden()
  },

  login_required: async session => {
    const { page, context, provider } = session
    const tokens = await signInAtNoon(session)
    await (provider.forget ?? forget)(session, tokens)
    await fillEmail(page, 'half@typed.example')
    const nearItsEnd = (): Promise<void> => context.clock.fastForward(almostAll(tokens))
    if (provider.ends?.login_required === undefined) {
      await nearItsEnd()
      await expect(prompt(page)).toContainText('Your session has ended')
      await visit(session, popup => provider.logIn(popup, 'josh'))
    } else {
      await Promise.all([page.waitForRequest(/[?&]prompt=none/), nearItsEnd()])
      await context.clock.fastForward(timeLimit)
      await expect(page.getByText(`(${provider.ends.login_required})`)).toBeVisible()
      await expect(greeting(page, 'josh')).toBeVisible()
    }
    await expect(prompt(page)).toBeHidden()
    await expect(page.getByLabel('E-mail')).toHaveValue('half@typed.example')
  },

  'step-up by prompt': async session => {
    const { page, demo, provider } = session
    await signIn(session)
    await approveButton(page).click()
    await visit(session, popup => provider.logIn(popup, 'josh'))
    await paid(session, 'step-up by prompt')
    expect(await demo.bank.ledger()).toHaveLength(provider.ends?.['step-up by prompt'] === undefined ? 1 : 0)
  },

  'step-up by max_age': async session => {
    const { page, demo, provider } = session
    // Older than a second, and the guard forgives none.
    demo.restartApi({
      ...provider.demo.guard,
      clockSkew: 1,
      actions: { ...policies, 'email.change': { maxAge: 1, context: 'required' } },
    })
    await signIn(session)
    await aSecondLater(4)
    await fillEmail(page, 'josh@elsewhere.example')
    await page.getByRole('button', { name: 'Change e-mail' }).click()
    await visit(session, popup => provider.logIn(popup, 'josh'))
    const end = provider.ends?.['step-up by max_age']
    const form = page.getByRole('region', { name: 'Where receipts go' })
    if (end === undefined) await expect(form.getByText('Changed.')).toBeVisible()
    else await expect(form.locator('.outcome')).toHaveAttribute('data-code', end)
  },

  'step-up by acr': async session => {
    const { page, demo, provider } = session
    const { acr } = provider
    if (!acr) throw new Error(`${provider.name} needs an acr, or a reason why it has none`)
    demo.restartApi({
      ...provider.demo.guard,
      actions: {
        ...policies,
        'payment.approve': { maxAge: 300, acrValues: [acr.value], context: 'required' },
      },
    })
    await signIn(session)
    await approveButton(page).click()
    await visit(session, popup => acr.meet(popup))
    await paid(session, 'step-up by acr')
  },

  'wrong person': async session => {
    const { page, demo, provider } = session
    await signIn(session)
    await approveButton(page).click()
    await visit(session, popup => provider.logIn(popup, 'jane'))
    await expect(prompt(page)).toContainText('You signed in as Jane')
    await answer(page, /^Back to Josh/).click()
    await expect(outcome(page)).toHaveAttribute('data-code', 'account_mismatch')
    await expect(greeting(page, 'josh')).toBeVisible()
    expect(await demo.bank.ledger()).toEqual([])
  },

  switch: async session => {
    const { page, provider } = session
    await signIn(session)
    const notYou = page.getByRole('button', { name: 'Not you?' })
    if (provider.signsOutFirst) return switchBySignOut(session, notYou)
    const popup = await popupOf(page, notYou)
    await Promise.all([closed(popup), (provider.switchTo ?? provider.logIn)(popup, 'jane')])
    await expect(greeting(page, 'jane')).toBeVisible()
  },

  'sign-up': async ({ page, demo, provider }) => {
    if (!provider.signUp) throw new Error(`${provider.name} needs a sign-up, or a reason why it has none`)
    await page.goto(demo.url)
    const popup = await popupOf(page, page.getByRole('button', { name: 'Create an account' }))
    const [, name] = await Promise.all([closed(popup), provider.signUp(popup)])
    await expect(page.getByText(`Hi ${name}.`)).toBeVisible()
  },

  'sign-out': async session => {
    const { page, demo, provider } = session
    await signIn(session)
    await Promise.all([signOut(page, demo), provider.leave?.(page)])
    await page.reload()
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
    // The OP has forgotten the person too: it asks.
    const popup = await popupOf(page, page.getByRole('button', { name: 'Sign in' }))
    await Promise.all([closed(popup), provider.logIn(popup, 'josh')])
    await expect(greeting(page, 'josh')).toBeVisible()
  },
}

/** The OP's session ends, the OP asks who comes next, and the page comes back to where it was. */
async function switchBySignOut({ page, demo, provider }: Session, notYou: Locator): Promise<void> {
  await notYou.click()
  await expect(prompt(page)).toContainText('Josh Rivera is signed out first')
  await answer(page, 'Sign out and go on').click()
  await provider.logIn(page, 'jane')
  await expect(greeting(page, 'jane')).toBeVisible()
  await expect(page).toHaveURL(`${demo.url}/`)
}

/** The payment's step-up ends as it is to. */
async function paid({ page, provider }: Session, flow: FlowName): Promise<void> {
  const end = provider.ends?.[flow]
  if (end === undefined) await expect(outcome(page)).toContainText('Approved')
  else await expect(outcome(page)).toHaveAttribute('data-code', end)
}

/** Signs in under a clock that the test can move. */
async function signInAtNoon(session: Session): Promise<Tokens> {
  await session.context.clock.install({ time: new Date() })
  const tokens = nextTokens(session.page)
  await signIn(session)
  return tokens
}

async function nextTokens(page: Page): Promise<Tokens> {
  const response = await page.waitForResponse(
    answer =>
      answer.request().method() === 'POST' &&
      answer.ok() &&
      /grant_type=(authorization_code|refresh_token)/.test(answer.request().postData() ?? ''),
  )
  return response.json()
}

/** Milliseconds that the client waits for the OP. */
const timeLimit = 10_000

/** Milliseconds until an access token is about to end. */
const almostAll = ({ expires_in }: Tokens): number => (expires_in - 20) * 1000

async function forget({ page, context, demo }: Session, { refresh_token: token }: Tokens): Promise<void> {
  if (token !== undefined) {
    const wellKnown = `${demo.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
    const { revocation_endpoint: endpoint } = await (await page.request.get(wellKnown)).json()
    const form = { token, token_type_hint: 'refresh_token', client_id: 'payments' }
    expect((await page.request.post(endpoint, { form })).ok()).toBe(true)
  }
  await context.clearCookies()
}

/** OPs count whole seconds: this is when so many have gone by. */
async function aSecondLater(seconds: number): Promise<void> {
  const then = Date.now() + seconds * 1000
  await expect.poll(() => Date.now(), { intervals: [100] }).toBeGreaterThan(then)
}
