// The real client in a page that a scripted network surrounds.
import { type AuthClient, type AuthClientOptions, type Prompt, selectPrompt } from 'afresh'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { createClientIn } from '../../../src/client/create-client-in.ts'
import type { Script, ScriptedNetwork } from '../../../src/testing/script.ts'
import { createScriptedNetwork } from '../../../src/testing/scripted-network.ts'
import { openBrowser } from './tab-browser.ts'

export const josh = { name: 'Josh', email: 'josh@example.com' } as const
export const jane = { name: 'Jane' } as const

export interface Tab {
  readonly script: Script
  readonly network: ScriptedNetwork
  readonly client: AuthClient
}

let client: AuthClient | undefined

export function newScript(): Script {
  return {
    issuer: 'https://op.example',
    clientId: 'payments',
    endpoint: '/api/freshness',
    now: () => Math.floor(Date.now() / 1000),
    person: josh,
    stepUp: 'prompt',
  }
}

/** Gives every test an empty browser, without a network. */
export function setUpTabs(): void {
  // jsdom has a Uint8Array of its own, which jose does not take for the one that Node's TextEncoder and crypto give.
  globalThis.Uint8Array = Object.getPrototypeOf(Buffer)
  beforeEach(() => {
    sessionStorage.clear()
    localStorage.clear()
  })
  afterEach(() => {
    client?.dispose()
    client = undefined
    vi.unstubAllGlobals()
  })
}

/** A `fetch` that reaches the scripted network and nothing else. */
export function fetchFrom(network: ScriptedNetwork): typeof fetch {
  return async (input, init) => {
    const answer = await network.answer(new Request(input, init))
    if (answer?.type === 'error') throw new TypeError('Failed to fetch')
    return answer ?? new Response('', { status: 404 })
  }
}

/** A page just loaded, with a client of the payments app, where the network is already there. */
export function openClient(
  { issuer, clientId, endpoint }: Script,
  network: ScriptedNetwork,
  options: Partial<AuthClientOptions> = {},
): AuthClient {
  client = createClientIn(openBrowser(network), {
    ...{ issuer, clientId, freshness: { endpoint }, renewal: { restore: [] }, timeLimit: 2 },
    logger: () => {},
    ...options,
  })
  client.mount()
  return client
}

/** The same, with a network of its own. */
export function openTab(script: Partial<Script> = {}, options: Partial<AuthClientOptions> = {}): Tab {
  const all = Object.assign(newScript(), script)
  const network = createScriptedNetwork(all)
  // Not the browser's alone: oidc-client-ts knows no other for what discovery says.
  vi.stubGlobal('fetch', fetchFrom(network))
  return { script: all, network, client: openClient(all, network, options) }
}

/** The same, where josh has signed in. */
export async function signedIn(
  script: Partial<Script> = {},
  options: Partial<AuthClientOptions> = {},
): Promise<Tab> {
  const opened = openTab(script, options)
  await opened.client.signIn()
  return opened
}

const prompt = ({ client }: Pick<Tab, 'client'>): Prompt | null => selectPrompt(client.store.getState())

/** Waits for the prompt and answers it. */
export async function answerPrompt(
  asked: Pick<Tab, 'client'>,
  type: Prompt['type'],
  choice: 'continue' | 'cancel',
): Promise<void> {
  await vi.waitFor(() => expect(prompt(asked)?.type).toBe(type), { timeout: 3000, interval: 5 })
  asked.client.answerPrompt(prompt(asked)?.id ?? '', choice)
}
