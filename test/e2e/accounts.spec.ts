import type { Page } from '@playwright/test'
import {
  answer,
  approveButton,
  expect,
  fillEmail,
  greeting,
  logIn,
  outcome,
  popupOf,
  prompt,
  signIn,
  signOut,
  stepUp,
  switchTo,
  test,
} from './demo.ts'

const notYou = (page: Page) => page.getByRole('button', { name: 'Not you?' })

/** Notes, for each request with a token, whose it is and whom the page shows at that moment. */
async function watchRequests(page: Page): Promise<() => Promise<{ sub: string; shown: string }[]>> {
  await page.addInitScript(() => {
    const seen: { sub: string; shown: string }[] = []
    const { fetch } = window
    window.fetch = (input, init) => {
      const request = new Request(input, init)
      const token = /^Bearer [\w-]+\.([\w-]+)\./.exec(request.headers.get('Authorization') ?? '')?.[1]
      if (token !== undefined) {
        const { sub } = JSON.parse(atob(token.replace(/-/g, '+').replace(/_/g, '/')))
        const greeting = document.querySelector('.afresh-switch')?.textContent ?? ''
        seen.push({ sub, shown: /Hi (\w+)\./.exec(greeting)?.[1]?.toLowerCase() ?? '' })
      }
      return fetch(request)
    }
    Object.assign(window, { seenRequests: seen })
  })
  return () => page.evaluate(() => (window as unknown as { seenRequests: [] }).seenRequests)
}

test('“Not you?” lets another person sign in, and nothing typed or shown is left of the former one @every-browser', async ({
  page,
  demo,
}) => {
  const seen = await watchRequests(page)
  await signIn(page, demo)
  await fillEmail(page, 'half@typed.example')
  await switchTo(page, 'jane')
  await expect(page.getByLabel('E-mail')).toHaveValue('jane@pennyworth.example')
  await expect(greeting(page, 'josh')).toBeHidden()
  const requests = await seen()
  expect(new Set(requests.map(({ sub }) => sub))).toEqual(new Set(['josh', 'jane']))
  // Before the first name is on screen there may be none.
  expect(requests.filter(({ sub, shown }) => shown !== '' && shown !== sub)).toEqual([])
})

test('the same person coming back changes nothing, and the page says so', async ({ page, demo }) => {
  await signIn(page, demo)
  await fillEmail(page, 'half@typed.example')
  const popup = await popupOf(page, notYou(page))
  await Promise.all([popup.waitForEvent('close'), popup.getByRole('button', { name: 'Josh Rivera' }).click()])
  await expect(page.getByText('You are still Josh Rivera.')).toBeVisible()
  await expect(page.getByLabel('E-mail')).toHaveValue('half@typed.example')
})

test('a switch that is given up leaves the page as it was', async ({ page, demo }) => {
  await signIn(page, demo)
  await fillEmail(page, 'half@typed.example')
  const popup = await popupOf(page, notYou(page))
  await popup.close()
  await expect(greeting(page, 'josh')).toBeVisible()
  await expect(page.getByLabel('E-mail')).toHaveValue('half@typed.example')
})

test('the page asks about another person in the popup of a step-up, and Back keeps the session @every-browser', async ({
  page,
  demo,
}) => {
  await signIn(page, demo)
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), logIn(popup, 'jane')])
  await expect(prompt(page)).toContainText('You signed in as Jane Okafor')
  await answer(page, 'Back to Josh Rivera').click()
  await expect(greeting(page, 'josh')).toBeVisible()
  expect(await demo.bank.ledger()).toEqual([])
})

test.describe('when another tab has switched', () => {
  test('this tab asks before it does anything, and goes on as the other person', async ({
    page,
    context,
    demo,
  }) => {
    await signIn(page, demo)
    const second = await context.newPage()
    const seen = await watchRequests(second)
    await second.goto(demo.url)
    await expect(greeting(second, 'josh')).toBeVisible()
    await switchTo(page, 'jane')
    await expect(prompt(second)).toContainText('Jane Okafor signed in in another tab')
    await answer(second, 'Not now').click()
    await approveButton(second).click()
    await expect(prompt(second)).toContainText('Jane Okafor signed in in another tab')
    expect((await seen()).filter(({ sub }) => sub !== 'josh')).toEqual([])
    await answer(second, 'Continue as Jane Okafor').click()
    await expect(greeting(second, 'jane')).toBeVisible()
    expect((await seen()).filter(({ sub, shown }) => shown !== '' && shown !== sub)).toEqual([])
    expect(await demo.bank.ledger()).toEqual([])
  })

  test('Back signs the person on screen in again, and keeps what was typed', async ({
    page,
    context,
    demo,
  }) => {
    await signIn(page, demo)
    const second = await context.newPage()
    await second.goto(demo.url)
    await fillEmail(second, 'half@typed.example')
    await switchTo(page, 'jane')
    const popup = await popupOf(second, answer(second, 'Back to Josh Rivera'))
    await Promise.all([popup.waitForEvent('close'), logIn(popup, 'josh')])
    await expect(prompt(second)).toBeHidden()
    await expect(second.getByLabel('E-mail')).toHaveValue('half@typed.example')
    await expect(prompt(page)).toContainText('Josh Rivera signed in in another tab')
  })
})

test('the chooser remembers three accounts, signs in to one without a choice, and forgets them', async ({
  page,
  demo,
}) => {
  await signIn(page, demo)
  await switchTo(page, 'jane')
  await switchTo(page, 'mei')
  await page.getByRole('button', { name: 'Accounts' }).click()
  const chooser = page.getByRole('region', { name: 'Choose an account' })
  await expect(chooser.getByRole('listitem')).toHaveText([
    /Mei Tanaka.*signed in/,
    /Jane Okafor/,
    /Josh Rivera/,
  ])
  const popup = await popupOf(page, chooser.getByRole('button', { name: 'Josh Rivera josh' }))
  await expect(popup.locator('[name=username]')).toHaveValue('josh')
  await Promise.all([popup.waitForEvent('close'), logIn(popup, 'josh')])
  await expect(greeting(page, 'josh')).toBeVisible()
  await page.getByRole('button', { name: 'Accounts' }).click()
  await chooser.getByRole('button', { name: 'Forget Jane Okafor' }).click()
  await expect(chooser.getByRole('listitem')).toHaveCount(2)
  await expect(chooser.getByRole('button', { name: 'Use another account' })).toBeFocused()
  await chooser.getByRole('button', { name: 'Forget all' }).click()
  await expect(chooser.getByRole('listitem')).toHaveCount(1)
})

test('a new person signs up', async ({ page, demo }) => {
  await page.goto(demo.url)
  const popup = await popupOf(page, page.getByRole('button', { name: 'Create an account' }))
  await popup.getByLabel('Name', { exact: true }).fill('Ada Byron')
  await popup.getByLabel('Username').fill(`ada-${Date.now().toString(36)}`)
  await popup.getByLabel('Password').fill('ada-pw')
  await Promise.all([
    popup.waitForEvent('close'),
    popup.getByRole('button', { name: 'Create account' }).click(),
  ])
  await expect(page.getByText('Hi Ada.')).toBeVisible()
})

test('prompts and the OP speak the language that the app chose', async ({ page, demo }) => {
  await signIn(page, demo)
  await page.getByLabel('Language of prompts').selectOption('de')
  await expect(page.getByText('Hallo Josh.')).toBeVisible()
  await approveButton(page).click()
  await expect(prompt(page)).toHaveAttribute('lang', 'de')
  const popup = await popupOf(page, answer(page, 'Weiter'))
  await expect(popup.locator('html')).toHaveAttribute('lang', 'de')
  await popup.close()
})

test('a person can switch, give up and step up by keyboard alone', async ({ page, demo }) => {
  await signIn(page, demo)
  await notYou(page).focus()
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')])
  await popup.getByRole('button', { name: 'Use another account' }).focus()
  await popup.keyboard.press('Enter')
  await popup.locator('[name=username]').fill('jane')
  await popup.locator('[name=password]').fill('jane-pw')
  await Promise.all([popup.waitForEvent('close'), popup.keyboard.press('Enter')])
  await expect(greeting(page, 'jane')).toBeVisible()
  await approveButton(page).focus()
  await page.keyboard.press('Enter')
  await expect(answer(page, 'Cancel')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(prompt(page)).toBeHidden()
  await expect(approveButton(page)).toBeFocused()
  await expect(outcome(page)).toHaveAttribute('data-code', 'interaction_cancelled: dismissed')
})

test('a sign-up with an existing name is refused at the OP, and cancelling ends it', async ({
  page,
  demo,
}) => {
  await page.goto(demo.url)
  const popup = await popupOf(page, page.getByRole('button', { name: 'Create an account' }))
  await popup.getByLabel('Name', { exact: true }).fill('Josh')
  await popup.getByLabel('Username').fill('josh')
  await popup.getByLabel('Password').fill('x')
  await popup.getByRole('button', { name: 'Create account' }).click()
  await expect(popup.getByRole('alert')).toBeVisible()
  await popup.getByRole('link', { name: 'Cancel' }).click()
  await expect(page.locator('.hero .outcome')).not.toBeEmpty()
})

test('a person can choose an account on the landing page after signing out', async ({ page, demo }) => {
  await signIn(page, demo)
  await page.getByRole('button', { name: 'Sign out' }).click()
  const popup = await popupOf(page, page.getByRole('button', { name: 'Josh Rivera josh' }))
  await Promise.all([popup.waitForEvent('close'), logIn(popup, 'josh')])
  await expect(greeting(page, 'josh')).toBeVisible()
})

test('a person can choose an account, forget it and sign up by keyboard alone', async ({ page, demo }) => {
  const enter = async (name: string): Promise<void> => {
    await page.getByRole('button', { name }).focus()
    await page.keyboard.press('Enter')
  }
  await signIn(page, demo)
  await switchTo(page, 'jane')
  await enter('Accounts')
  const [popup] = await Promise.all([page.waitForEvent('popup'), enter('Josh Rivera josh')])
  await popup.locator('[name=password]').fill('josh-pw')
  await Promise.all([popup.waitForEvent('close'), popup.keyboard.press('Enter')])
  await expect(greeting(page, 'josh')).toBeVisible()
  await enter('Accounts')
  await enter('Forget Jane Okafor')
  await expect(page.getByRole('button', { name: 'Forget Jane Okafor' })).toBeHidden()
  await signOut(page, demo)
  const [form] = await Promise.all([page.waitForEvent('popup'), enter('Create an account')])
  await form.getByLabel('Name', { exact: true }).fill('Grace Murray')
  await form.getByLabel('Username').fill(`grace-${Date.now().toString(36)}`)
  await form.getByLabel('Password').fill('grace-pw')
  await Promise.all([form.waitForEvent('close'), form.keyboard.press('Enter')])
  await expect(page.getByText('Hi Grace.')).toBeVisible()
})
