import type { Page } from '@playwright/test'

/** Holds a lock of the app's origin as long as the page is open, as a tab does that has stopped. */
export async function holdLock(page: Page, name: string): Promise<void> {
  const isHeld = (): Promise<boolean> =>
    page.evaluate(async name => {
      const { held = [] } = await navigator.locks.query()
      return held.some(lock => lock.name === name)
    }, name)
  await page.evaluate(name => {
    void navigator.locks.request(name, () => new Promise(() => {}))
  }, name)
  while (!(await isHeld()));
}
