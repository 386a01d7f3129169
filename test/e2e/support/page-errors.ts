import type { BrowserContext } from '@playwright/test'

/** What no code of the pages has caught: errors and rejections. */
export function watchErrors(context: BrowserContext): string[] {
  const errors: string[] = []
  context.on('weberror', error => errors.push(String(error.error())))
  return errors
}
