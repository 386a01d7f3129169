import type { Browser } from '../op/browser.ts'
import { answerWindow, waitForRequest } from './answer-window.ts'
import type { World } from './world.ts'

/** The hidden frames of one page. */
export interface TestFrames extends Pick<Browser, 'openFrame'> {
  /** Lets them wait for `answerFrames`. */
  holdFrames(): void
  /** Answers those that wait, and all that come. @returns whether one has waited */
  answerFrames(): boolean
}

export function createTestFrames(world: World): TestFrames {
  let held: (() => void)[] | null = null
  return {
    openFrame: () => {
      let isOpen = true
      const endWaiting = waitForRequest(world)
      return {
        source: null,
        navigate: url => {
          endWaiting()
          const answer = (): void => {
            // A frame without a network shows nothing, and says nothing.
            if (isOpen && world.isOnline) answerWindow(world, url)
          }
          if (held) held.push(answer)
          else answer()
        },
        close: () => {
          isOpen = false
          endWaiting()
        },
        loadedPath: () => null,
        isElsewhere: () => false,
      }
    },
    holdFrames: () => {
      held = []
    },
    answerFrames: () => {
      const waiting = held ?? []
      held = null
      for (const answer of waiting) answer()
      return waiting.length > 0
    },
  }
}
