import { oneToken } from '../../../demo/apis.ts'
import { expect } from '../demo.ts'
import { openOtherSite } from '../support/other-site.ts'
import { button, containing, test } from './minibrowser.ts'
import { greeting, signIn } from './sign-in.ts'

// With the demo's own policy for openers this browser loads a page anew at Back. The statement's token is at hand, so
// that nothing but the client keeps it back.
test.use({ demoOptions: { openerPolicy: 'unsafe-none', apis: oneToken } })

/** The page acts in the moment in which it is shown again, and counts the tokens that it sends from then on. */
const actAtOnceOnComeback = `
  const seen = { tokens: 0 }
  window.seen = seen
  const { fetch } = window
  addEventListener('pageshow', () => {
    window.fetch = (input, init) => {
      if (new Request(input, init).headers.has('Authorization')) seen.tokens++
      return fetch(input, init)
    }
    const buttons = [...document.querySelectorAll('button')]
    buttons.find(({ textContent }) => textContent === 'Open statement')?.click()
  })
`

test('Back after a sign-out in another window shows no person, and no token is sent', async ({
  browserWindow,
  demo,
}) => {
  const other = await openOtherSite('Elsewhere')
  await signIn(browserWindow, demo)
  // A page with a request under way is not kept.
  await browserWindow.sees(button('Approve 250.00'))
  const email = 'return document.querySelector("input[type=email]").value'
  await expect.poll(() => browserWindow.run(email)).not.toBe('')
  await browserWindow.run(actAtOnceOnComeback)
  await browserWindow.goto(other.url)
  await browserWindow.sees(containing('Elsewhere'))
  await browserWindow.inAnotherWindow(async () => {
    await browserWindow.goto(demo.url)
    await browserWindow.sees(greeting)
    await browserWindow.click(button('Sign out'))
    await browserWindow.sees(button('Sign in'))
    await expect.poll(() => browserWindow.url()).toBe(`${demo.url}/`)
  })
  await browserWindow.back()
  await browserWindow.sees(button('Sign in'))
  // This browser does not keep every page. One that it loads anew has no such note, and nothing to send.
  const tokens = await browserWindow.run<number>('return window.seen ? window.seen.tokens : 0')
  expect(tokens).toBe(0)
  await other.close()
})
