import type { BrowserContext } from '@playwright/test'

/** Pages that no person has touched: to the browser, all that automation does in a page is a person's doing. */
export async function leavePagesUntouched(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    Object.defineProperty(navigator, 'userActivation', { value: { hasBeenActive: false, isActive: false } })
  })
}
