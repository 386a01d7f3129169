import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Context, Interaction, InteractionResult, Middleware, Provider } from 'oidc-provider'
import { showAccounts, showSignUp } from './account-pages.ts'
import { errors } from './library.ts'
import { secondFactor, showCode, showConsent, showExpired, showLogin } from './pages.ts'
import { addPerson, findPerson, type Person } from './people.ts'

/** What a login tells the session besides the person: `acr`, `amr` and, for hostile OPs, another time. */
export type LoginDetails = Omit<NonNullable<InteractionResult['login']>, 'accountId'>

/** One page that asks the person something. */
export type Step = 'password' | 'code' | 'consent' | 'account' | 'person'

/** How the pages differ from one OP to another. */
export interface InteractionOptions {
  readonly app: string
  /** Whether a page that is too old links to the app. Default: true. */
  readonly linksToApp?: boolean
  readonly login?: (person: Person, interaction: Interaction, steps: readonly Step[]) => LoginDetails
  /** The `sub`. Default: the name to sign in with. */
  readonly subjectOf?: (person: Person) => string
  /** What to ask, in order, or how to refuse. Default: a password to sign in, and nothing for a consent. */
  readonly steps?: (interaction: Interaction) => readonly Step[] | { readonly error: string }
  /** Whether only the person of the session can sign in, where there is a session. Default: false. */
  readonly pinsPerson?: boolean
  /** Called when the person has consented. */
  readonly consented?: (interaction: Interaction) => void
}

interface Progress {
  steps: readonly Step[]
  done: number
  person: Person | undefined
}

/** The pages between an authorization request and its answer: `/interaction/:uid` and its `/cancel`. */
export function interactions(provider: Provider, options: InteractionOptions): Middleware {
  const underWay = new Map<string, Progress>()
  return async (ctx, next) => {
    const route = /^\/interaction\/[\w-]+(\/cancel)?$/.exec(ctx.path)
    if (route === null) return next()
    try {
      const interaction = await provider.interactionDetails(ctx.req, ctx.res)
      const result =
        route[1] === undefined ? await answer(ctx, interaction, options, underWay) : cancelledByPerson
      if (result === undefined) return
      underWay.delete(interaction.uid)
      const location = await provider.interactionResult(ctx.req, ctx.res, result)
      ctx.redirect(location)
      ctx.status = 303
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error
      showExpired(ctx, options.linksToApp === false ? undefined : options.app)
    }
  }
}

const pages = {
  code: showCode,
  consent: showConsent,
  account: showAccounts,
  person: showSignUp,
}

const cancelledByPerson = { error: 'access_denied', error_description: 'the person cancelled' }

async function answer(
  ctx: Context,
  interaction: Interaction,
  options: InteractionOptions,
  underWay: Map<string, Progress>,
): Promise<InteractionResult | undefined> {
  const { uid, prompt, session } = interaction
  const plan = options.steps?.(interaction) ?? (prompt.name === 'consent' ? [] : ['password'])
  if ('error' in plan) return plan
  const progress = underWay.get(uid) ?? { steps: plan, done: 0, person: findPerson(session?.accountId) }
  underWay.set(uid, progress)
  const step = progress.steps[progress.done]
  if (ctx.method === 'POST' && step !== undefined) {
    const form = await readForm(ctx.req)
    const pinned = options.pinsPerson ? findPerson(session?.accountId)?.username : undefined
    const attempt = { username: pinned ?? (form.get('username') ?? '').trim().toLowerCase() }
    if (step === 'password') {
      const person = findPerson(attempt.username)
      if (person === undefined || !equal(person.password, form.get('password') ?? '')) {
        showLogin(ctx, interaction, options, {
          ...attempt,
          error: 'Username and password do not match.',
        })
        return undefined
      }
      progress.person = person
    } else if (step === 'person') {
      const person = addPerson(form.get('name') ?? '', attempt.username, form.get('password') ?? '')
      if (person === null) {
        showSignUp(ctx, interaction, 'This username is taken already. Choose another.')
        return undefined
      }
      progress.person = person
    } else if (step === 'account' && form.get('choice') === 'other') {
      progress.steps = [...progress.steps, 'password']
    } else if (step === 'code' && !equal(secondFactor, form.get('code') ?? '')) {
      showCode(ctx, interaction, 'The code is wrong.')
      return undefined
    }
    progress.done++
  }
  const due = progress.steps[progress.done]
  if (due !== undefined) {
    if (due === 'password') showLogin(ctx, interaction, options)
    else pages[due](ctx, interaction)
    return undefined
  }
  // The app belongs to the OP's owner, so consent is given already (see grant.ts): a request for it continues at once.
  if (prompt.name === 'consent') {
    if (progress.steps.length > 0) options.consented?.(interaction)
    return { consent: {} }
  }
  const { person, steps } = progress
  const asked = prompt.name === 'login' ? {} : { [prompt.name]: {} }
  if (!steps.includes('password') && prompt.name === 'select_account') return asked
  if (person === undefined) throw new Error('No person has signed in')
  const accountId = options.subjectOf?.(person) ?? person.username
  const login = { accountId, amr: ['pwd'], ...options.login?.(person, interaction, steps) }
  return { ...asked, login }
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
