// The real client in a page whose network is whatever answers the global `fetch`.
import { type AuthClient, type Prompt, selectPrompt } from 'afresh'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { createClientIn } from '../../../src/client/create-client-in.ts'
import type { AuthHandlers } from '../../../src/testing/msw.ts'
import { openBrowser } from './tab-browser.ts'

let client: AuthClient | undefined

/** Gives every test an empty browser. */
export function setUpTabs(): void {
  beforeEach(() => {
    sessionStorage.clear()
    localStorage.clear()
  })
  afterEach(() => {
    client?.dispose()
    client = undefined
  })
}

/** A page just loaded, with a client of the payments app. The pages of the OP are the network's. */
export function openClient({ script, network }: AuthHandlers): AuthClient {
  const { issuer, clientId, endpoint } = script
  client = createClientIn(openBrowser(network), {
    ...{ issuer, clientId, freshness: { endpoint }, renewal: { restore: [] }, timeLimit: 2 },
    logger: () => {},
  })
  client.mount()
  return client
}

const prompt = ({ store }: AuthClient): Prompt | null => selectPrompt(store.getState())

/** Waits for the prompt and answers it. */
export async function answerPrompt(
  asked: AuthClient,
  type: Prompt['type'],
  choice: 'continue' | 'cancel',
): Promise<void> {
  await vi.waitFor(() => expect(prompt(asked)?.type).toBe(type), { timeout: 3000, interval: 5 })
  asked.answerPrompt(prompt(asked)?.id ?? '', choice)
}
