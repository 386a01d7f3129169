import type { Page } from '@playwright/test'

/**
 * The URLs at the OP that the page itself, not a frame, went to.
 *
 * @param path at the OP
 */
export function watchLeaving(page: Page, issuer: string, path = '/auth'): string[] {
  const left: string[] = []
  page.on('request', request => {
    const isPage = request.isNavigationRequest() && request.frame() === page.mainFrame()
    if (isPage && request.url().startsWith(`${issuer}${path}?`)) left.push(request.url())
  })
  return left
}
