import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Context, Interaction, InteractionResult, Middleware, Provider } from 'oidc-provider'
import { errors } from './library.ts'
import { showExpired, showLogin } from './pages.ts'
import { findPerson, type Person } from './people.ts'

/** What a login tells the session beside the person: `acr`, `amr` and, for hostile OPs, another time. */
export type LoginDetails = Omit<NonNullable<InteractionResult['login']>, 'accountId'>

export interface InteractionOptions {
  readonly app: string
  readonly login?: (person: Person, interaction: Interaction) => LoginDetails
}

/** The pages between an authorization request and its answer: `/interaction/:uid` and its `/cancel`. */
export function interactions(provider: Provider, options: InteractionOptions): Middleware {
  return async (ctx, next) => {
    const route = /^\/interaction\/[\w-]+(\/cancel)?$/.exec(ctx.path)
    if (route === null) return next()
    try {
      const interaction = await provider.interactionDetails(ctx.req, ctx.res)
      const result = await answer(ctx, interaction, options, route[1] !== undefined)
      if (result === undefined) return
      const location = await provider.interactionResult(ctx.req, ctx.res, result)
      ctx.redirect(location)
      ctx.status = 303
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error
      showExpired(ctx, options.app)
    }
  }
}

async function answer(
  ctx: Context,
  interaction: Interaction,
  options: InteractionOptions,
  cancelled: boolean,
): Promise<InteractionResult | undefined> {
  if (cancelled) return { error: 'access_denied', error_description: 'the person cancelled' }
  // The app belongs to the OP's owner, so consent is given already (see grant.ts): a request for it just goes on.
  if (interaction.prompt.name === 'consent') return { consent: {} }
  if (ctx.method !== 'POST') {
    showLogin(ctx, interaction)
    return undefined
  }
  const form = await readForm(ctx.req)
  const username = (form.get('username') ?? '').trim().toLowerCase()
  const person = findPerson(username)
  if (person === undefined || !equal(person.password, form.get('password') ?? '')) {
    showLogin(ctx, interaction, { username, error: 'Username and password do not match.' })
    return undefined
  }
  return { login: { accountId: person.username, amr: ['pwd'], ...options.login?.(person, interaction) } }
}

function equal(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk
    if (text.length > 4096) return new URLSearchParams()
  }
  return new URLSearchParams(text)
}
