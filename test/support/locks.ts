import type { Locks } from '../../src/op/browser.ts'
import { createLocks } from '../../src/testing/locks.ts'

/** The testing kit's Web Locks, for a browser of one page. jsdom has none. */
export const newLocks = (): Locks => createLocks().of({})
