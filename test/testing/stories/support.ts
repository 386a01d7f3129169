// What the stories of a test client have in common. They are told in Node and in each DOM.
import { type Prompt, selectPrompt } from 'afresh/client'
import {
  createTestClient,
  type TestClient,
  type TestClientOptions,
  type TestTab,
} from 'afresh/testing/client'
import { afterEach } from 'vitest'

export const josh = { name: 'Josh', email: 'josh@example.com' }
export const jane = { name: 'Jane' }

/** Of the test that is running. */
export let auth: TestClient

/** Gives each test of the file what it opens, and takes it away again. */
export function endEachTest(): void {
  afterEach(() => auth.dispose())
}

/** A client that is not mounted. */
export function create(options: TestClientOptions = {}): void {
  auth = createTestClient(options)
}

/** A page that has been loaded. */
export function open({ options, ...others }: TestClientOptions = {}): void {
  create({
    respond: () => Response.json({ status: 'done' }),
    options: { logger: () => {}, ...options },
    ...others,
  })
  auth.client.mount()
}

/** The page is loaded again. */
export async function reload(options?: Parameters<TestClient['reload']>[0]): Promise<void> {
  auth = auth.reload(options)
  auth.client.mount()
  await auth.settled()
}

export const session = ({ client }: TestTab = auth) => client.store.getState().session

export const promptOf = ({ client }: TestTab = auth): Prompt['type'] | null =>
  selectPrompt(client.store.getState())?.type ?? null

/** The name of who is signed in. */
export const person = (of?: TestTab): string | undefined => {
  const found = session(of)
  return found.status === 'authenticated' ? found.account.name : undefined
}

/** The paths of what has been sent. */
export const sent = (): readonly string[] => auth.requests.map(({ url }) => new URL(url).pathname)
