// What a client asks of a provider, found out by doing it: real requests, for windows that a script answers.

import type { AuthClient } from 'afresh'
import { answer, createClient, op, page, prompt, seconds, until } from '../support/client.ts'
import type { TestPage } from '../support/page.ts'
import type { Documented } from './documents.ts'
import { departed } from './redirects.ts'

/** The columns of the table, in their order. */
export const flows = [
  'sign-in',
  'restore',
  'renewal',
  'step-up: a new login',
  'step-up: maxAge 300',
  'switch',
  'sign-out',
] as const
export type Flow = (typeof flows)[number]

type Metadata = Readonly<Record<string, unknown>>

/** What each flow sends to the provider, in words; or why it sends nothing. A client must be possible. */
export async function requestsSent(provider: Documented, metadata: Metadata): Promise<Record<Flow, string>> {
  const sent = {} as Record<Flow, string>
  for (const flow of flows) sent[flow] = await sentFor(flow, provider, metadata)
  return sent
}

async function sentFor(flow: Flow, provider: Documented, metadata: Metadata): Promise<string> {
  sessionStorage.clear()
  localStorage.clear()
  page.visited.length = 0
  departed.length = 0
  page.popups.length = 0
  let client: AuthClient | undefined
  try {
    client = createClient({
      issuer: String(metadata.issuer),
      metadata,
      provider: provider.profile,
      ...provider.options,
    })
    return await runs[flow]({ client, issuer: String(metadata.issuer), metadata, provider })
  } catch (error) {
    return refused(error)
  } finally {
    client?.dispose()
  }
}

/** The error as the app gets it, in its own words. */
const refused = (error: unknown): string =>
  `refused: ${error instanceof Error ? error.message : String(error)}`

interface Run {
  readonly client: AuthClient
  readonly issuer: string
  readonly metadata: Metadata
  readonly provider: Documented
}

const runs: Readonly<Record<Flow, (run: Run) => Promise<string>>> = {
  'sign-in': async run => {
    await signIn(run)
    const scope = lastVisit().searchParams.get('scope')
    const asked = scope === 'openid profile email' ? [] : [`\`scope=${scope}\``]
    return [...asked, inWords(lastVisit())].join(' ')
  },

  restore: async ({ client, issuer }) => {
    const record = { epoch: 1, closed: -1, serial: 1, person: 'hash', status: 'session' }
    localStorage.setItem(`afresh:mark:${issuer} payments`, JSON.stringify(record))
    client.mount()
    await Promise.race([client.ready(), until(() => departed.length > 0)])
    const [visit] = [...page.visited, ...departed]
    if (!visit) return '– (only from another tab)'
    return `${inWords(visit)} (${departed.length > 0 && page.visited.length === 0 ? 'page' : 'frame'})`
  },

  renewal: async run => {
    await signIn(run)
    const before = page.visited.length
    op.forms.length = 0
    page.frame = { error: 'login_required' }
    await run.client.renew().catch(() => {})
    if (op.forms.some(form => form.get('grant_type') === 'refresh_token')) return 'refresh token'
    const visit = page.visited.at(before)
    return visit ? `${inWords(visit)} (frame)` : '– (the person is asked)'
  },

  'step-up: a new login': run => stepUp(run, { prompt: 'login', max_age: 0 }),
  'step-up: maxAge 300': run => stepUp(run, { max_age: 300 }),

  switch: async run => {
    await signIn(run)
    const before = page.visited.length
    page.popups.push('close')
    const switching = run.client.accounts.switchAccount().catch(error => error)
    const firstTold = until(() => prompt(run.client)?.type === 'sign_out_first')
    const outcome = await Promise.race([switching, firstTold])
    if (prompt(run.client)?.type === 'sign_out_first') {
      answer(run.client, 'continue')
      await until(() => departed.length > 0)
    }
    const [left] = departed
    if (left) return `sign-out first: ${inWords(left)}`
    const visit = page.visited.at(before)
    return visit ? inWords(visit) : refused(outcome)
  },

  'sign-out': async run => {
    await signIn(run)
    // It settles only if the page stays.
    await Promise.race([run.client.signOut(), until(() => departed.length > 0)])
    const [left] = departed
    return left ? inWords(left) : '– (here only)'
  },
}

const lastVisit = (): URL => page.visited.at(-1) ?? new URL('about:blank')

async function signIn({ client, issuer, metadata, provider }: Run): Promise<void> {
  const claims = { iss: issuer, auth_time: seconds() - 1000, ...provider.claims }
  const { profile, givesRefreshToken = /\boffline/.test(profile.scope ?? '') } = provider
  const token = givesRefreshToken ? { refresh_token: 'rt' } : {}
  op.refreshAnswer = { claims, token }
  const namesItself = metadata.authorization_response_iss_parameter_supported === true
  page.popups.push({ claims, token, response: { iss: namesItself ? issuer : undefined } })
  await client.signIn()
}

/** The backend demands a login, as its guard would; the person goes to the provider and comes back without one. */
async function stepUp(run: Run, demand: Readonly<Record<string, unknown>>): Promise<string> {
  await signIn(run)
  const before = page.visited.length
  const challenge = { status: 'challenged', challenge: 'a.b.c', nonce: 'n'.repeat(43), expires_in: 600 }
  const header = 'Bearer error="insufficient_user_authentication"'
  page.intercept = ({ url }) =>
    url.endsWith('/api/freshness')
      ? Response.json({ ...challenge, ...demand }, { status: 401, headers: { 'WWW-Authenticate': header } })
      : undefined
  page.frame = { error: 'login_required' }
  page.popups.push('close')
  const ending = run.client.stepUp('payment.approve').catch(error => error)
  const outcome = await Promise.race([ending, until(() => prompt(run.client)?.type === 'step_up')])
  if (outcome instanceof Error) return refused(outcome)
  // A hidden frame may have asked before.
  const silent = page.visited.length
  answer(run.client, 'continue')
  const failure = await Promise.race([ending, until(() => page.visited.length > silent)])
  page.intercept = () => undefined
  if (failure instanceof Error && page.visited.length === silent) return refused(failure)
  return [...(silent > before ? ['silently first'] : []), inWords(lastVisit())].join(', then ')
}

/** Lets the token endpoint of whichever provider be the scripted one. @param network what is fetched from otherwise */
export function answerTokenRequests(metadata: Metadata, network: TestPage['fetch']): void {
  const { token_endpoint: token, revocation_endpoint: revocation } = metadata
  const ours = new Map<unknown, string>([
    [hrefOf(token), `${op.issuer}/token`],
    [hrefOf(revocation), `${op.issuer}/revoke`],
  ])
  page.fetch = async (input, init) => {
    const request = new Request(input, init)
    const { url, method } = request
    if (url === hrefOf(metadata.userinfo_endpoint)) return Response.json({ sub: 'josh', name: 'Josh' })
    const instead = ours.get(url)
    if (instead === undefined) return network(request)
    return network(instead, { method, headers: request.headers, body: await request.text() })
  }
}

// A document may write a port that the address does not need.
const hrefOf = (url: unknown): string | undefined => (typeof url === 'string' ? new URL(url).href : undefined)

// Every request has them.
const always =
  /^(client_id|redirect_uri|response_type|response_mode|scope|state|nonce|code_challenge(_method)?|ui_locales)$/
// Their values are the person's, or the app's own address.
const nameOnly = /^(login_hint|id_token_hint|post_logout_redirect_uri|logout_uri|redirect)$/

/** What stands in an address beside what stands in every one. */
function inWords({ searchParams }: URL): string {
  const words = [...searchParams].flatMap(([name, value]) => {
    if (always.test(name)) return []
    if (nameOnly.test(name)) return [name]
    return [name === 'claims' ? claimsInWords(value) : `${name}=${value}`]
  })
  return words.length > 0 ? words.map(word => `\`${word}\``).join(' ') : '✓'
}

function claimsInWords(json: string): string {
  const asked: Readonly<Record<string, object>> = JSON.parse(json)
  const names = Object.entries(asked).map(([token, claims]) => `${token}: ${Object.keys(claims).join(', ')}`)
  return `claims (${names.join('; ')})`
}
