import type { Page, Response } from '@playwright/test'
import { appRequestName, opRequestName } from './traffic.ts'

/**
 * Notes every page that loads in a browser context, in tabs, popups and frames, from the network or the cache.
 * Redirects do not count.
 *
 * @returns the names so far, and a function that stops the notes
 */
export function noteDocuments(page: Page): { readonly names: string[]; stop(): void } {
  const context = page.context()
  const names: string[] = []
  const note = (response: Response): void => {
    const request = response.request()
    const redirects = response.status() >= 300 && response.status() < 400 && response.status() !== 304
    if (request.isNavigationRequest() && !redirects)
      names.push(nameOf(request.url(), request.frame().parentFrame() !== null))
  }
  context.on('response', note)
  return { names, stop: () => context.off('response', note) }
}

function nameOf(url: string, inFrame: boolean): string {
  const { pathname } = new URL(url)
  const ofApp = appRequestName(pathname, inFrame ? 'iframe' : 'document')
  return ofApp === pathname ? opRequestName('GET', pathname) : ofApp
}
