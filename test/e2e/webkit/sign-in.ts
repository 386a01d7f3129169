import type { Demo } from '../../../demo/demo.ts'
import { expect, oncePerSecond, type Person, passwords } from '../demo.ts'
import { type BrowserWindow, button, containing } from './minibrowser.ts'

/** What the page shows to Josh. */
export const greeting = containing('Hi Josh.')

/** Fills in the OP's own form, wherever it is shown, and waits until the OP is left. */
export async function logIn(
  browserWindow: BrowserWindow,
  demo: Demo,
  person: Person = 'josh',
): Promise<void> {
  await browserWindow.fill('//input[@name="username"]', person)
  await browserWindow.fill('//input[@name="password"]', passwords[person])
  await oncePerSecond(async () => {
    await browserWindow.click(button('Sign in'))
    await expect.poll(() => browserWindow.url()).not.toContain(demo.issuer)
  })
}

export async function signIn(browserWindow: BrowserWindow, demo: Demo): Promise<void> {
  await browserWindow.goto(demo.url)
  await browserWindow.inPopup(button('Sign in'), () => logIn(browserWindow, demo))
  await browserWindow.sees(greeting)
}
