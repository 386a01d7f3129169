import { onTestFinished } from 'vitest'

/** What the browser says of the person's clicks, as far as the end of the test. jsdom says nothing. */
export function setActivation(isActive: boolean): { isActive: boolean } {
  const value = { isActive }
  Object.defineProperty(navigator, 'userActivation', { value, configurable: true })
  onTestFinished(() => {
    Reflect.deleteProperty(navigator, 'userActivation')
  })
  return value
}
