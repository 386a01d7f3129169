// oidc-provider ships no types. This is the part of it that the demo uses.
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'
  import type { JWK } from 'jose'

  export type Next = () => Promise<void>
  export type Middleware = (ctx: Context, next: Next) => Promise<void> | void

  /** A Koa context; `oidc` is there on the provider's own routes. */
  export interface Context {
    readonly req: IncomingMessage
    readonly res: ServerResponse
    readonly method: string
    readonly path: string
    readonly href: string
    readonly query: Record<string, string | string[] | undefined>
    /** The part that `url` leaves out. The provider puts it in front of every URL that it publishes. */
    mountPath?: string
    url: string
    querystring: string
    status: number
    type: string
    body: unknown
    readonly oidc: OidcContext & { readonly route: string }
    get(header: string): string
    set(headers: Record<string, string>): void
    readonly response: { get(header: string): string }
    redirect(url: string): void
  }

  export interface OidcContext {
    readonly provider: Provider
    readonly client: { readonly clientId: string }
    readonly account: Account
    readonly session: Session
    readonly params: Record<string, string | undefined>
    /** What the token endpoint got. */
    readonly body?: Record<string, unknown>
    readonly entities: {
      readonly IdTokenHint?: { readonly payload: { readonly sub: string } }
      readonly AuthorizationCode?: Login
      readonly RefreshToken?: Login
    }
    readonly result?: InteractionResult
    readonly acr?: string
    readonly prompts: Set<string>
    readonly resourceServers: Record<string, { readonly scopes: Set<string> }>
    readonly requestParamOIDCScopes: Set<string>
    readonly requestParamScopes: Set<string>
    readonly requestParamClaims: Set<string>
  }

  /** The login behind a token. */
  export interface Login {
    readonly authTime?: number
    readonly acr?: string
    readonly amr?: readonly string[]
    readonly sessionUid?: string
    /** The session's name in the client's tokens. */
    readonly sid?: string
    readonly nonce?: string
    /** What tokens made from it are granted. */
    scope?: string
  }

  export interface Session {
    readonly accountId?: string
    readonly amr?: readonly string[]
    grantIdFor(clientId: string): string | undefined
  }

  export interface Account {
    readonly accountId: string
    claims(): Record<string, unknown>
  }

  export interface Grant {
    addOIDCScope(scopes: string): void
    addOIDCClaims(claims: string[]): void
    addResourceScope(resource: string, scopes: string): void
    save(): Promise<string>
  }

  export interface Interaction {
    readonly uid: string
    readonly prompt: { readonly name: string; readonly reasons: readonly string[] }
    readonly params: Record<string, string | undefined>
    readonly session?: { readonly accountId?: string; readonly amr?: readonly string[] }
    /** What the page before this one has brought. */
    readonly lastSubmission?: InteractionResult
  }

  export interface InteractionResult {
    login?: { accountId: string; acr?: string; amr?: string[]; ts?: number; remember?: boolean }
    consent?: Record<string, never>
    select_account?: Record<string, never>
    create?: Record<string, never>
    error?: string
    error_description?: string
  }

  export interface ResourceServer {
    scope: string
    audience: string
    accessTokenFormat: 'jwt'
    accessTokenTTL: number
    jwt: { sign: { alg: string } }
  }

  export interface Configuration {
    adapter?: (model: string) => unknown
    clients: Record<string, unknown>[]
    claims?: Record<string, null | string[]>
    acrValues?: string[]
    scopes?: string[]
    clientBasedCORS?: (ctx: Context, origin: string) => boolean
    conformIdTokenClaims?: boolean
    /** Added to the discovery document. */
    discovery?: Record<string, unknown>
    revokeGrantPolicy?: (ctx: Context) => boolean
    routes?: Record<string, string>
    cookies?: { keys: string[]; names: Record<'session' | 'interaction' | 'resume', string> }
    extraTokenClaims?: (
      ctx: Context,
      token: { readonly accountId: string; readonly aud?: string },
    ) => Record<string, unknown>
    extraParams?: string[] | Record<string, unknown>
    features?: {
      devInteractions?: { enabled: boolean }
      claimsParameter?: { enabled: boolean }
      revocation?: {
        enabled: boolean
        allowedPolicy?: (ctx: Context, client: { clientId: string }, token: { clientId: string }) => boolean
      }
      resourceIndicators?: {
        enabled: boolean
        /** @param granted what a token request may have one of */
        defaultResource: (ctx: Context, client: unknown, granted?: readonly string[]) => string | undefined
        useGrantedResource: () => boolean
        getResourceServerInfo: (ctx: Context, resource: string) => ResourceServer
      }
      rpInitiatedLogout?: {
        enabled: boolean
        logoutSource: (ctx: Context, form: string) => void
        postLogoutSuccessSource: (ctx: Context) => void
      }
      [feature: string]: unknown
    }
    findAccount: (ctx: Context, sub: string) => Account | undefined
    interactions?: { policy?: InteractionPolicy; url?: (ctx: Context, interaction: Interaction) => string }
    issueRefreshToken?: (ctx: Context, client: { clientId: string }) => boolean
    expiresWithSession?: (ctx: Context) => boolean
    jwks?: { keys: JWK[] }
    loadExistingGrant?: (ctx: Context) => Promise<Grant | undefined>
    renderError?: (ctx: Context, out: { error: string; error_description?: string }) => void
    ttl?: Record<string, number>
    [setting: string]: unknown
  }

  export class Check {
    constructor(
      reason: string,
      description: string,
      error: string,
      check: (ctx: Context) => boolean | Promise<boolean>,
    )
  }

  export class Prompt {
    constructor(info: { name: string; requestable?: boolean }, ...checks: Check[])
    readonly name: string
    readonly checks: Check[] & {
      add(check: Check, index?: number): void
      remove(reason: string): void
      clear(): void
    }
  }

  export type InteractionPolicy = Prompt[] & {
    get(name: string): Prompt | undefined
    add(prompt: Prompt, index?: number): void
    remove(name: string): void
  }

  export class Provider {
    constructor(issuer: string, configuration: Configuration)
    readonly IdToken: {
      readonly prototype: { readonly ctx: Context; payload(): Promise<Record<string, unknown>> }
    }
    readonly Grant: {
      new (of: { accountId: string; clientId: string }): Grant
      find(id: string): Promise<Grant | undefined>
    }
    callback(): (request: IncomingMessage, response: ServerResponse) => void
    use(middleware: Middleware): this
    on(event: string, listener: (...parameters: unknown[]) => void): this
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>
    interactionResult(
      request: IncomingMessage,
      response: ServerResponse,
      result: InteractionResult,
      options?: { mergeWithLastSubmission?: boolean },
    ): Promise<string>
  }

  export const interactionPolicy: {
    base(): InteractionPolicy
    readonly Check: typeof Check
    readonly Prompt: typeof Prompt
  }

  export const errors: {
    readonly InvalidAuthorizationDetails: new (description: string) => Error
    readonly InvalidTarget: new () => Error
    readonly SessionNotFound: new (description: string) => Error
  }
}

declare module 'oidc-provider/lib/adapters/memory_adapter.js' {
  export function createMemoryAdapter(clockTolerance?: number): (model: string) => unknown
}
