// Stands in for `src/op/redirects.ts`: the page does not leave, and where it would have gone is kept.
import { vi } from 'vitest'
import type * as Redirects from '../../src/op/redirects.ts'

const actual = await vi.importActual<typeof Redirects>('../../src/op/redirects.ts')
export const { canLeaveWith, takeRedirectResponse } = actual

/** Where the page would have gone, in order. */
export const departed: URL[] = []
export const leaveForOp: typeof Redirects.leaveForOp = (browser, state, url, departure) =>
  actual.leaveForOp(browser, state, url, departure, to => departed.push(new URL(to)))
