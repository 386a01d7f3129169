import type { Page } from '@playwright/test'

/** Lets the page note whether it comes back from the browser's memory. */
export function noteComebacks(page: Page): Promise<void> {
  return page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => {
      document.documentElement.dataset.persisted = String(persisted)
    })
  })
}

/** Whether the page is one that `noteComebacks` was called for, back from the browser's memory. */
export const wasKept = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.dataset.persisted === 'true')
