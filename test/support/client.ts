// A client in a page whose OP and windows follow a script.
import { type AuthClient, type AuthClientOptions, type Prompt, selectPrompt } from 'afresh'
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest'
import { createClientIn } from '../../src/client/create-client-in.ts'
import { newRecord, readRecord, type SessionRecord } from '../../src/client/session/session-record.ts'
import { type ScriptedOp, startOp } from './op.ts'
import { TestPage } from './page.ts'

export type ClientOptions = Partial<AuthClientOptions>

/** Epoch seconds. */
export const seconds = (): number => Math.floor(Date.now() / 1000)

/** Of the file's tests, all of them. */
export let op: ScriptedOp
/** Of the test that is running. */
export let page: TestPage
const clients: AuthClient[] = []

/** Gives every test of the file `op` and a `page` of its own in an empty browser, and takes all of it away again. */
export function setUpPage(): void {
  beforeAll(async () => {
    op = await startOp(seconds)
  })
  afterAll(() => op.close())
  beforeEach(() => {
    sessionStorage.clear()
    localStorage.clear()
    op.metadata = {}
    op.refreshAnswer = {}
    op.revocationError = null
    op.refusedClient = null
    op.forms.length = 0
    op.proofs.length = 0
    page = new TestPage(op)
  })
  afterEach(() => {
    closeTabs()
    vi.useRealTimers()
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  })
}

/** A client of the payments app, not mounted. */
export function createClient(options: ClientOptions = {}): AuthClient {
  const freshness = { endpoint: '/api/freshness' }
  const client = createClientIn(page, {
    issuer: op.issuer,
    clientId: 'payments',
    freshness,
    timeLimit: 2,
    ...options,
  })
  clients.push(client)
  return client
}

/** The same, mounted: a page just loaded, in a tab of the browser. */
export function openTab(options?: ClientOptions): AuthClient {
  const client = createClient(options)
  client.mount()
  return client
}

export function closeTabs(): void {
  for (const client of clients.splice(0)) client.dispose()
}

/** The page goes away, so that the next one does not wait for its answer. */
export async function unload(client: AuthClient): Promise<void> {
  client.dispose()
  await vi.waitFor(async () => expect((await page.locks?.query())?.held).toEqual([]), { interval: 5 })
}

export const until = (predicate: () => boolean): Promise<void> =>
  vi.waitFor(() => expect(predicate()).toBe(true), { timeout: 4000, interval: 5 })

export const session = (client: AuthClient) => client.store.getState().session

export const prompt = (client: AuthClient): Prompt | null => selectPrompt(client.store.getState())

export const prompted = (client: AuthClient, type: Prompt['type']): Promise<void> =>
  until(() => prompt(client)?.type === type)

/** The person's answer to the prompt that is shown. */
export const answer = (client: AuthClient, choice: 'continue' | 'cancel' | 'switch'): void =>
  client.answerPrompt(prompt(client)?.id ?? '', choice)

/** This browser had a session at its last visit. */
export function rememberSession(): void {
  const record = { epoch: 1, closed: -1, serial: 1, person: 'hash', status: 'session' }
  localStorage.setItem(`afresh:mark:${op.issuer} payments`, JSON.stringify(record))
}

/** What this browser knows of its session. From its first visit on it knows something: a new record names the moment. */
export function sessionRecord(): SessionRecord {
  const key = `afresh:mark:${op.issuer} payments`
  const record = readRecord(JSON.parse(localStorage.getItem(key) ?? 'null')) ?? newRecord(Date.now())
  localStorage.setItem(key, JSON.stringify(record))
  return record
}

/** The redirects that this tab has left for, as `[key, value]` of its sessionStorage. */
export const departures = (): [string, string][] =>
  Object.entries<string>({ ...sessionStorage }).filter(([key]) => key.startsWith('afresh:tx:'))
