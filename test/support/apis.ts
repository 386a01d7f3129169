// Two APIs with origins of their own, over real HTTP, and an OP that gives each a token.
import { createServer } from 'node:http'
import type { AuthClient, AuthClientOptions } from 'afresh'
import { beforeAll, beforeEach } from 'vitest'
import { type ClientOptions, op, openTab, page, session, until } from './client.ts'
import { listen } from './http.ts'
import type { AuthorizationAnswer } from './op.ts'

/** What an API says of a request. */
export interface ApiAnswer {
  readonly status: number
  readonly challenge?: string
}

/** An API that notes the tokens that it is sent. */
export interface TestApi {
  readonly url: string
  readonly tokens: string[]
  /** By the access token. */
  answer: (token: string) => ApiAnswer
}

export let reports: TestApi
export let billing: TestApi

const good: TestApi['answer'] = (): ApiAnswer => ({ status: 200 })

async function openApi(): Promise<TestApi & { close(): void }> {
  const server = createServer((request, response) => {
    const token = String(request.headers.authorization ?? '').replace(/^\w+ /, '')
    api.tokens.push(token)
    const { status, challenge = '' } = api.answer(token)
    request.resume().on('end', () => {
      response.writeHead(status, { 'WWW-Authenticate': challenge }).end(JSON.stringify({ token }))
    })
  })
  const api = { url: await listen(server), tokens: [] as string[], answer: good, close: () => server.close() }
  return api
}

/** Gives every test of the file the two APIs. `setUpPage` comes first. */
export function setUpApis(): void {
  beforeAll(async () => {
    const [first, second] = await Promise.all([openApi(), openApi()])
    reports = first
    billing = second
    return () => [first, second].map(one => one.close())
  })
  beforeEach(() => {
    for (const api of [reports, billing]) {
      api.tokens.length = 0
      api.answer = good
    }
    refreshes.length = 0
    rotations = 0
    person.sub = 'josh'
    refusal = () => undefined
    op.refreshAnswer = rotating
  })
}

/** As both are in `api`. */
export const listed = (): Extract<NonNullable<AuthClientOptions['api']>, readonly unknown[]> => [
  { origin: reports.url, resource: 'https://reports.example', scope: 'reports.read' },
  { origin: billing.url, resource: 'https://billing.example', scope: 'billing.read' },
]

/** What the refreshes asked for, in order: the resource or the audience, and the scope. */
export const refreshes: { readonly api: string | null; readonly scope: string | null }[] = []
let rotations = 0
/** The error that a refresh for this API ends with, if with any. */
export let refusal: (api: string | null, scope: string | null) => string | undefined = () => undefined
export const refuse = (rule: typeof refusal): void => {
  refusal = rule
}

/** Whom a refresh is for. */
export const person = { sub: 'josh' }

/** A refresh token is good for one refresh. The OP reads `token` before `raw`. */
let error: string | undefined
const rotating: AuthorizationAnswer = {
  claims: person,
  get token() {
    const form = op.forms.at(-1) ?? new URLSearchParams()
    const api = form.get('resource') ?? form.get('audience')
    const scope = form.get('scope')
    refreshes.push({ api, scope })
    error = form.get('refresh_token') === `rt${rotations}` ? refusal(api, scope) : 'invalid_grant'
    if (error === undefined) rotations++
    const name = api?.replace(/^https:\/\/|\.example$/g, '') ?? 'own'
    return {
      access_token: [name, scope, rotations].filter(part => part !== null).join(' '),
      refresh_token: `rt${rotations}`,
    }
  },
  get raw() {
    const body = JSON.stringify({ error })
    return error === undefined ? undefined : { status: 400, type: 'application/json', body }
  },
} as AuthorizationAnswer

/** Signs josh in, in a tab, with a refresh token. */
export async function signedIn(
  options: ClientOptions = {},
  answer: AuthorizationAnswer = {},
): Promise<AuthClient> {
  const client = openTab({ api: listed(), ...options })
  page.popups.push({ ...answer, token: { refresh_token: 'rt0', ...answer.token } })
  await client.signIn()
  op.forms.length = 0
  page.visited.length = 0
  return client
}

/** The same without a refresh token: further tokens come from hidden frames. */
export function signedInWithFrames(options: ClientOptions = {}): Promise<AuthClient> {
  page.frame = { token: { access_token: 'at of a frame' } }
  return signedIn(options, { token: { refresh_token: undefined } })
}

/** Another tab of the browser, which has taken over the session. */
export async function secondTab(options: ClientOptions = {}): Promise<AuthClient> {
  const client = openTab({ api: listed(), ...options })
  await until(() => session(client).status === 'authenticated')
  return client
}
