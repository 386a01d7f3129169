import { cutsTies, expect } from '../demo.ts'
import { readKeptKeys } from '../kept-keys.ts'
import { button, containing, test } from './minibrowser.ts'
import { greeting, logIn, signIn } from './sign-in.ts'

// What the other browsers' tests do through Playwright, which does not drive this one.

const approve = button('Approve 250.00')
const approved = '//*[contains(@class, "outcome")][contains(., "Approved")]'
const answer = (name: string): string => `//dialog${button(name)}`

test('a payment is approved once, after signing in again in the popup', async ({ browserWindow, demo }) => {
  await signIn(browserWindow, demo)
  await browserWindow.click(approve)
  await browserWindow.inPopup(answer('Continue'), () => logIn(browserWindow, demo))
  await browserWindow.sees(approved)
  expect(await demo.bank.ledger()).toMatchObject([{ paymentId: 'northwind', approvedBy: 'josh' }])
})

test('a reload keeps the session, in a hidden frame and with no visible redirect', async ({
  browserWindow,
  demo,
}) => {
  await signIn(browserWindow, demo)
  await browserWindow.reload()
  await browserWindow.sees(greeting)
  // After a redirect the page would have been navigated to.
  const type = 'return performance.getEntriesByType("navigation")[0].type'
  expect(await browserWindow.run(type)).toBe('reload')
  expect(await browserWindow.run('return document.querySelectorAll("iframe").length')).toBe(0)
})

test('with popups blocked the payment can be finished after coming back from the redirect', async ({
  browserWindow,
  demo,
}) => {
  const blockPopups = (): Promise<void> => browserWindow.run('window.open = () => null')
  await browserWindow.goto(demo.url)
  await blockPopups()
  await browserWindow.click(button('Sign in'))
  await browserWindow.click(answer('Continue on this page'))
  await logIn(browserWindow, demo)
  await browserWindow.sees(greeting)
  await blockPopups()
  await browserWindow.click(approve)
  await browserWindow.click(answer('Continue'))
  await browserWindow.click(answer('Continue on this page'))
  await logIn(browserWindow, demo)
  await browserWindow.sees(containing('Approve 250.00 to Northwind Paper'))
  expect(await demo.bank.ledger()).toEqual([])
  expect(await browserWindow.url()).toBe(`${demo.url}/`)
  await browserWindow.click(button('Finish'))
  await browserWindow.sees(approved)
  expect(await demo.bank.ledger()).toMatchObject([{ paymentId: 'northwind', approvedBy: 'josh' }])
})

test('a popup that is closed can be opened again, since this browser cuts the tie to a navigated popup', async ({
  browserWindow,
  demo,
}) => {
  await signIn(browserWindow, demo)
  await browserWindow.click(approve)
  await browserWindow.closePopup(answer('Continue'), '//input[@name="username"]')
  await browserWindow.inPopup(answer('Open again'), () => logIn(browserWindow, demo))
  await browserWindow.sees(approved)
  expect(await demo.bank.ledger()).toHaveLength(1)
})

test.describe('without a policy for openers', () => {
  test.use({ demoOptions: { openerPolicy: 'unsafe-none' } })

  test('a closed popup cancels the payment and changes nothing, and a new try works', async ({
    browserWindow,
    demo,
  }) => {
    await signIn(browserWindow, demo)
    await browserWindow.click(approve)
    await browserWindow.closePopup(answer('Continue'), '//input[@name="username"]')
    await browserWindow.sees('//*[@data-code="interaction_cancelled: window_closed"]')
    await browserWindow.sees(greeting)
    expect(await demo.bank.ledger()).toEqual([])
    await browserWindow.click(approve)
    await browserWindow.inPopup(answer('Continue'), () => logIn(browserWindow, demo))
    await browserWindow.sees(approved)
  })
})

test('“Not you?” lets another person sign in, and the page shows them', async ({ browserWindow, demo }) => {
  await signIn(browserWindow, demo)
  await browserWindow.inPopup(button('Not you?'), async () => {
    await browserWindow.click(button('Use another account'))
    await logIn(browserWindow, demo, 'jane')
  })
  await browserWindow.sees(containing('Hi Jane.'))
})

test('the page asks whose session to keep when another person signs in in the popup', async ({
  browserWindow,
  demo,
}) => {
  await signIn(browserWindow, demo)
  await browserWindow.click(approve)
  await browserWindow.inPopup(answer('Continue'), () => logIn(browserWindow, demo, 'jane'))
  await browserWindow.sees(containing('You signed in as Jane Okafor'))
  await browserWindow.click(answer('Back to Josh Rivera'))
  await browserWindow.sees(greeting)
  expect(await demo.bank.ledger()).toEqual([])
})

test('a sign-out ends the session here and at the OP', async ({ browserWindow, demo }) => {
  await signIn(browserWindow, demo)
  await browserWindow.click(button('Sign out'))
  await browserWindow.sees(button('Sign in'))
  await expect.poll(() => browserWindow.url()).toBe(`${demo.url}/`)
  await browserWindow.reload()
  await browserWindow.sees(button('Sign in'))
  const kept = await browserWindow.run<[string, string][]>(
    'return Object.entries({ ...localStorage, ...sessionStorage })',
  )
  const ours = kept.filter(([key]) => key.startsWith('afresh:') && !/^afresh:(metadata|accounts):/.test(key))
  expect(ours.map(([, value]) => JSON.parse(value))).toMatchObject([{ status: 'closed', person: null }])
})

test.describe('with DPoP', () => {
  test.use({ demoOptions: { dpop: true } })

  test('a payment is approved by a key that cannot be read out, survives a reload, and goes at sign-out', async ({
    browserWindow,
    demo,
  }) => {
    const keptKeys = (): Promise<unknown> => browserWindow.run(`return (${readKeptKeys})()`)
    await signIn(browserWindow, demo)
    await browserWindow.reload()
    await browserWindow.click(approve)
    await browserWindow.inPopup(answer('Continue'), () => logIn(browserWindow, demo))
    await browserWindow.sees(approved)
    expect(await demo.bank.ledger()).toMatchObject([{ paymentId: 'northwind', approvedBy: 'josh' }])
    expect(await keptKeys()).toEqual([{ extractable: false, readable: false }])
    await browserWindow.click(button('Sign out'))
    await browserWindow.sees(button('Sign in'))
    await expect.poll(() => keptKeys().catch(() => null)).toEqual([])
  })
})

test.describe('with an OP that cuts the tie to the opener of its pages', () => {
  test.use({ demoOptions: cutsTies })

  test('signing in and approving by popup work', async ({ browserWindow, demo }) => {
    await signIn(browserWindow, demo)
    await browserWindow.click(approve)
    await browserWindow.inPopup(answer('Continue'), () => logIn(browserWindow, demo))
    await browserWindow.sees(approved)
    expect(await demo.bank.ledger()).toHaveLength(1)
  })
})
