import type { Page } from '../../op/browser.ts'
import type { Paths } from './findings.ts'

/** Where the answer was asked for. */
export interface Surroundings extends Paths {
  /** The origins of the pages around a frame of this page: its own first, then those that frame the app. */
  readonly ancestors: readonly [string, ...string[]]
  /** `crossOriginIsolated` */
  readonly isIsolated: boolean
}

/** What is around a hidden frame of this page. */
export function surroundings(page: Page, callbackUrl: string): Surroundings {
  return {
    callbackPath: new URL(callbackUrl).pathname,
    path: new URL(page.href).pathname,
    ancestors: [page.origin, ...page.ancestors],
    isIsolated: page.isIsolated,
  }
}
