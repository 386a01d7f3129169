import type { Browser } from '../op/browser.ts'
import type { TestPerson } from './script.ts'
import { createTestFrames, type TestFrames } from './test-frames.ts'
import { type OpenPopup, openTestPopup } from './test-popup.ts'
import type { World } from './world.ts'

/** The windows that one page opens. */
export interface TestWindows extends Pick<Browser, 'openPopup'>, TestFrames {
  /** The popup that waits for a person; null where none does. */
  readonly popup: OpenPopup | null
}

/** @param whoIsThere who signs in at once in a popup that goes to the OP; null where the popup is to wait */
export function createTestWindows(world: World, whoIsThere: () => TestPerson | null): TestWindows {
  let popup: OpenPopup | null = null
  return {
    ...createTestFrames(world),
    openPopup: onGone => {
      if (world.blocksPopups) return null
      const opened = openTestPopup(world, whoIsThere, onGone, () => {
        if (popup === opened.shown) popup = null
      })
      popup = opened.shown
      return opened.window
    },
    get popup() {
      return popup
    },
  }
}
