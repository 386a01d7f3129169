import { selectPrompt } from '../core/machine/prompts.ts'
import { settle } from './settle.ts'
import type { TestTab } from './test-client.ts'
import { refuse } from './test-options.ts'
import type { Tab } from './test-tab.ts'
import type { World } from './world.ts'

/** How a step of a test is run, such as inside React's `act`. */
export interface Steps {
  /** One that the test waits for. */
  readonly inTime: Around
  /** One that is over when it returns. */
  readonly atOnce: (work: () => void) => void
}

export type Around = (work: () => Promise<void>) => Promise<void>

/** What a test does in one tab. */
export function createTabMethods(world: World, tab: Tab, { inTime: around, atOnce }: Steps): TestTab {
  const { client, page, windows } = tab

  /** What has led to this comes first, and what it leads to is waited for. */
  const step = (work: () => unknown): Promise<void> =>
    around(async () => {
      await settle(world)
      work()
      await settle(world)
    })

  return {
    client,
    get popup() {
      return windows.popup
    },
    get left() {
      return page.left
    },
    signInAs: person =>
      around(async () => {
        if (!world.isOnline) refuse('nobody can sign in without a network: call restoreNetwork() first')
        await settle(world)
        const throwIfFailed = watchFailure(windows.popup ? null : client.signIn())
        await settle(world)
        throwIfFailed()
        const popup = windows.popup ?? refuse(whyNoPopup(page.left))
        popup.signIn(person)
        await settle(world)
        throwIfFailed()
      }),
    signOut: () =>
      around(async () => {
        await settle(world)
        // A page that leaves for the OP never hears the end of it.
        const throwIfFailed = watchFailure(client.signOut())
        await settle(world)
        throwIfFailed()
      }),
    answerPrompt: async (answer, { as } = {}) => {
      await step(() => {
        const prompt = selectPrompt(client.store.getState())
        if (!prompt) refuse('no prompt is on screen, so there is nothing to answer')
        tab.nextPerson = as
        client.answerPrompt(prompt.id, answer)
      })
      tab.nextPerson = undefined
    },
    closePopup: () => step(() => (windows.popup ?? refuse('no popup is open')).close()),
    touch: () => atOnce(() => page.emit('activity', null)),
  }
}

function whyNoPopup(left: string | null): string {
  return left === null
    ? 'the browser blocks popups, so that nobody can sign in: call allowPopups() first'
    : 'the page has left for the OpenID Provider: reload({ as: person }) is the way back'
}

/** @returns what throws the reason of the work's failure, if it has failed by then */
function watchFailure(work: Promise<unknown> | null): () => void {
  let failure: { readonly reason: unknown } | undefined
  work?.catch(reason => {
    failure = { reason }
  })
  return () => {
    if (failure) throw failure.reason
  }
}
