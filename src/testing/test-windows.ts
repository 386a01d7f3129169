import type { Browser } from '../op/browser.ts'
import type { Popup } from '../op/popup.ts'
import type { AuthFrame } from '../op/windows.ts'
import type { TestPerson } from './script.ts'
import type { TestPopup } from './test-client.ts'
import type { World } from './world.ts'

/** The OP's page in a popup, where a person is asked to sign in. */
export interface OpenPopup extends TestPopup {
  /** The person signs in, and the popup closes. */
  signIn(person: TestPerson): void
  /** The person closes it. */
  close(): void
}

/** The windows that one page opens. */
export interface TestWindows extends Pick<Browser, 'openPopup' | 'openFrame'> {
  /** The popup that waits for a person; null where none does. */
  readonly popup: OpenPopup | null
  /** Lets hidden frames wait for `answerFrames`. */
  holdFrames(): void
  /** Answers the frames that wait, and all that come. @returns whether one has waited */
  answerFrames(): boolean
}

/** @param whoIsThere who signs in at once in a popup that goes to the OP; null where the popup is to wait */
export function createTestWindows(world: World, whoIsThere: () => TestPerson | null): TestWindows {
  const { network, channels } = world
  let popup: OpenPopup | null = null
  let held: (() => void)[] | null = null

  /** What the callback page does with the OP's answer. */
  const comeBack = (url: string): void => {
    world.noteHappening()
    const params = network.authorize(url)
    // Of the request: a page that comes back with another state says so by a message to the page that opened it.
    const channel = channels.open(`afresh:${new URL(url).searchParams.get('state')}`)
    channel.postMessage(params)
    channel.close()
  }

  /** A window waits for its request, until it has it or is closed. @returns what ends that */
  const waitForRequest = (): (() => void) => {
    let waits = true
    world.waitingForOthers++
    return () => {
      if (waits) world.waitingForOthers--
      waits = false
    }
  }

  const openPopup = (onGone: (how: 'closed' | 'lost') => void): Popup | null => {
    if (world.blocksPopups) return null
    let isOpen = true
    const endWaiting = waitForRequest()
    let url: string | null = null
    let timesShown = 0
    const opened: OpenPopup = {
      get url() {
        return url
      },
      get timesShown() {
        return timesShown
      },
      signIn: person => {
        if (url === null || !world.isOnline) return
        world.signIn(person)
        comeBack(url)
      },
      close: () => {
        shut()
        onGone('closed')
      },
    }
    const shut = (): void => {
      isOpen = false
      endWaiting()
      if (popup === opened) popup = null
    }
    popup = opened
    return {
      source: null,
      navigate: to => {
        endWaiting()
        url = to
        world.noteHappening()
        const person = whoIsThere()
        if (person) opened.signIn(person)
      },
      show: () => {
        timesShown++
        return isOpen
      },
      close: shut,
    }
  }

  const openFrame = (): AuthFrame => {
    let isOpen = true
    const endWaiting = waitForRequest()
    return {
      source: null,
      navigate: url => {
        endWaiting()
        const answer = (): void => {
          // A frame without a network shows nothing, and says nothing.
          if (isOpen && world.isOnline) comeBack(url)
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
  }

  return {
    openPopup,
    openFrame,
    get popup() {
      return popup
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
