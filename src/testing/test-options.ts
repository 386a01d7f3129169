import { defaults } from '../client/defaults.ts'
import type { AuthClientOptions } from '../client/options.ts'
import { ConfigurationError } from '../core/errors.ts'
import { parseUrl } from '../core/web-url.ts'
import { isPersonOrNobody, isStepUpScript, personWanted, stepUpWanted } from './script-checks.ts'
import type { TestClientOptions } from './test-client.ts'
import type { WorldOptions } from './world.ts'

const names: { readonly [Name in keyof TestClientOptions]-?: true } = {
  session: true,
  stepUp: true,
  pending: true,
  remembered: true,
  signsIn: true,
  respond: true,
  options: true,
}

/** @throws {ConfigurationError} */
export function refuse(what: string): never {
  throw new ConfigurationError(`createTestClient: ${what}`)
}

/** @throws {ConfigurationError} for what cannot be */
export function checkTestOptions(given: TestClientOptions): void {
  const unknown = Object.keys(given).find(name => !Object.hasOwn(names, name))
  if (unknown !== undefined)
    refuse(`there is no \`${unknown}\`; an option of the client itself goes into \`options\``)
  const { pending, session, signsIn, remembered = [], stepUp = 'grant', options = {} } = given
  if ('issuer' in options && parseUrl(String(options.issuer)) === null)
    refuse('`options.issuer` must be an absolute URL; leave it out where it does not matter')
  if (!isStepUpScript(stepUp)) refuse(stepUpWanted)
  const people = [session === 'initializing' ? null : session, signsIn, ...remembered]
  if (!people.every(isPersonOrNobody)) refuse(personWanted)
  if (pending && (!session || session === 'initializing'))
    refuse('`pending` needs the person whose step-up it is: say `session: { name: … }` too')
}

/** The client's own options, as far as they can be known without the scripted OP. */
export function clientOptions({ options = {}, remembered = [] }: TestClientOptions): AuthClientOptions {
  return {
    issuer: 'https://op.example',
    clientId: 'app',
    freshness: { endpoint: '/api/freshness' },
    interaction: defaults.interaction,
    // Those, and the people who sign in in the test.
    rememberAccounts: remembered.length > 0 ? remembered.length + 5 : defaults.rememberAccounts,
    ...options,
  }
}

/** What the OP and the backend go by. */
export function worldOptions(
  { issuer, clientId, freshness }: AuthClientOptions,
  { respond = request => globalThis.fetch(request) }: TestClientOptions,
  stepUp: WorldOptions['stepUp'],
  loaded: WorldOptions['loaded'],
): WorldOptions {
  return { issuer, clientId, endpoint: freshness?.endpoint ?? '/api/freshness', stepUp, respond, loaded }
}
