import { type HttpHandler, type HttpResponseResolver, http } from 'msw'
import { ConfigurationError } from '../core/errors.ts'
import { parseUrl } from '../core/web-url.ts'
import { discoveryUrl, metadataOf } from './provider-metadata.ts'
import type { Script, ScriptedNetwork } from './script.ts'
import { isPersonOrNobody, isStepUpScript, personWanted, stepUpWanted } from './script-checks.ts'
import { createScriptedNetwork } from './scripted-network.ts'

export type { AnswerFault, AuthorizationFault, Evil, TokenFault } from './evil.ts'
export type { IdTokenFault } from './id-token-faults.ts'
export type {
  ChallengeDemand,
  GuardedCall,
  Script,
  ScriptedNetwork,
  StepUpScript,
  TestPerson,
  TestStepUp,
  TokenAnswer,
} from './script.ts'

/** The OP and the backend that the handlers play. Give the `issuer` and the `clientId` of your app. */
export interface AuthHandlerOptions {
  /** The issuer of the app's client. The handlers answer at its URLs. */
  readonly issuer: string
  /** The client id of the app's client. ID Tokens are made for it. */
  readonly clientId: string
  /**
   * The freshness endpoint, as the client has it: a URL, or a path, which is answered at every origin. Default:
   * `/api/freshness`.
   */
  readonly endpoint?: string
  /** Gives the time in epoch seconds. Default: this device's clock. */
  readonly now?: () => number
  /** Who signs in at the OP. Default: nobody. */
  readonly person?: Script['person']
  /** What happens to step-ups: one word for all of them, or a function that is asked for each. Default: `grant`. */
  readonly stepUp?: Script['stepUp']
  /** What goes wrong. Default: nothing. */
  readonly evil?: Script['evil']
}

/** The handlers for MSW, and the script that they follow. */
export interface AuthHandlers {
  /** The handlers, for `setupServer` or `setupWorker`. */
  readonly handlers: readonly HttpHandler[]
  /** What the OP and the backend do. Change `person`, `stepUp` and `evil` at any time. */
  readonly script: Script
  /**
   * The OP and the backend without MSW: `personOf` and `requireGrant` for handlers of your own, `signedIdToken` for
   * tokens, and `authorize` for the pages of the OP.
   */
  readonly network: ScriptedNetwork
  /** Puts the script back as it was in the beginning, and forgets everything else. Call it in `afterEach`. */
  reset(): void
}

const names: { readonly [Name in keyof AuthHandlerOptions]-?: true } = {
  issuer: true,
  clientId: true,
  endpoint: true,
  now: true,
  person: true,
  stepUp: true,
  evil: true,
}

/**
 * Makes handlers for MSW that play an OpenID Provider (discovery, authorization, tokens with PKCE, keys, userinfo,
 * revocation, sign-out) and the freshness endpoint of a backend. A page that a browser opens in a window, a frame or a
 * tab is *not* played, because MSW cannot see it. `createTestClient` plays that too.
 *
 * @param options the OP and the backend to play
 * @throws {ConfigurationError} a `ConfigurationError`, which says which option is wrong
 * @example
 * const auth = createAuthHandlers({ issuer: 'https://login.example.com', clientId: 'payments' })
 * const server = setupServer(...auth.handlers)
 * auth.script.evil = { answer: 'temporarily_unavailable' }
 */
export function createAuthHandlers(options: AuthHandlerOptions): AuthHandlers {
  checkOptions(options)
  const { issuer, clientId, endpoint = '/api/freshness', now = deviceClock } = options
  const { person = null, stepUp = 'grant', evil = null } = options
  const begin = { person, stepUp, evil }
  const script: Script = { issuer, clientId, endpoint, now, ...begin }
  const network = createScriptedNetwork(script)
  return {
    handlers: handlersFor(script, network),
    script,
    network,
    reset() {
      Object.assign(script, begin)
      network.reset()
    },
  }
}

function handlersFor({ issuer, endpoint }: Script, network: ScriptedNetwork): readonly HttpHandler[] {
  const answer: HttpResponseResolver = async ({ request }) => (await network.answer(request)) ?? undefined
  const metadata = metadataOf(issuer)
  return [
    http.get(discoveryUrl(issuer), answer),
    http.get(metadata.jwks_uri, answer),
    http.get(metadata.authorization_endpoint, answer),
    http.get(metadata.end_session_endpoint, answer),
    http.get(metadata.userinfo_endpoint, answer),
    http.post(metadata.token_endpoint, answer),
    http.post(metadata.revocation_endpoint, answer),
    http.post(endpoint.startsWith('/') ? atEveryOrigin(endpoint) : endpoint, answer),
  ]
}

/** A pattern with `*` would take paths that only end like this one as well. */
function atEveryOrigin(path: string): RegExp {
  return new RegExp(`^https?://[^/]+${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`)
}

function checkOptions(options: AuthHandlerOptions): void {
  const unknown = Object.keys(options).find(name => !Object.hasOwn(names, name))
  if (unknown !== undefined) throw refused(`there is no option \`${unknown}\``)
  const { issuer, clientId, endpoint = '/', person, stepUp = 'grant' } = options
  if (parseUrl(issuer) === null) throw refused('`issuer` must be a URL, the same as the client’s')
  if (!clientId) throw refused('`clientId` is missing: it must be the same as the client’s')
  if (!endpoint.startsWith('/') && parseUrl(endpoint) === null)
    throw refused('`endpoint` must be a path that begins with a slash, or a URL')
  if (!isPersonOrNobody(person)) throw refused(personWanted)
  if (!isStepUpScript(stepUp)) throw refused(stepUpWanted)
}

function refused(what: string): ConfigurationError {
  return new ConfigurationError(`createAuthHandlers: ${what}`)
}

function deviceClock(): number {
  return Math.floor(Date.now() / 1000)
}
