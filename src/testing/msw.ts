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

/** The OP and the backend that the handlers play. `issuer` and `clientId` are those of the app. */
export interface AuthHandlerOptions {
  /** The issuer of the app's client, at whose URLs the handlers answer. */
  readonly issuer: string
  /** The client id of the app's client, which the ID Tokens are for. */
  readonly clientId: string
  /** The freshness endpoint, as the client has it: a path, which is answered at every origin, or a URL. Default: `/api/freshness`. */
  readonly endpoint?: string
  /** Epoch seconds. Default: this device's clock. */
  readonly now?: () => number
  /** Who signs in at the OP. Default: nobody. */
  readonly person?: Script['person']
  /** What becomes of step-ups. Default: `grant`. */
  readonly stepUp?: Script['stepUp']
  /** What goes wrong. Default: nothing. */
  readonly evil?: Script['evil']
}

/** Handlers for MSW, and what they play by. */
export interface AuthHandlers {
  /** For `setupServer` or `setupWorker`. */
  readonly handlers: readonly HttpHandler[]
  /** It may be changed at any time: `person`, `stepUp`, `evil`. */
  readonly script: Script
  /** For handlers of your own (`personOf`, `requireGrant`), for tokens (`signedIdToken`), and for the pages of the OP (`authorize`). */
  readonly network: ScriptedNetwork
  /** Puts the script back as it was in the beginning, and forgets all else: for `afterEach`. */
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
 * Handlers for MSW that play an OpenID Provider (discovery, authorization, tokens with PKCE, keys, userinfo, revocation,
 * sign-out) and the freshness endpoint of a backend. What MSW cannot see is *not* played: a page that a browser opens in
 * a window, a frame or a tab. `createTestClient` plays that too.
 *
 * @throws {ConfigurationError} saying which option cannot be
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
