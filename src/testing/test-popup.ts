import type { Popup } from '../op/popup.ts'
import { answerWindow, waitForRequest } from './answer-window.ts'
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

/**
 * Opens a popup.
 *
 * @param whoIsThere who signs in at once when it goes to the OP; null where it is to wait
 * @param onGone hears that the person has closed it
 * @param onShut hears that it is closed, whoever did it
 * @returns it as the person has it, and as the client does
 */
export function openTestPopup(
  world: World,
  whoIsThere: () => TestPerson | null,
  onGone: (how: 'closed' | 'lost') => void,
  onShut: () => void,
): { readonly shown: OpenPopup; readonly window: Popup } {
  let isOpen = true
  const endWaiting = waitForRequest(world)
  let url: string | null = null
  let timesShown = 0
  const shut = (): void => {
    isOpen = false
    endWaiting()
    onShut()
  }
  const shown: OpenPopup = {
    get url() {
      return url
    },
    get timesShown() {
      return timesShown
    },
    signIn: person => {
      if (url === null || !world.isOnline) return
      world.signIn(person)
      answerWindow(world, url)
    },
    close: () => {
      shut()
      onGone('closed')
    },
  }
  const window: Popup = {
    source: null,
    navigate: to => {
      endWaiting()
      url = to
      world.noteHappening()
      const person = whoIsThere()
      if (person) shown.signIn(person)
    },
    show: () => {
      timesShown++
      return isOpen
    },
    close: shut,
  }
  return { shown, window }
}
