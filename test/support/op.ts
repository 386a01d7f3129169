import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import {
  CompactSign,
  type CryptoKey,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWK,
  UnsecuredJWT,
} from 'jose'
import { readProof, type SeenProof } from './dpop.ts'
import { listen } from './http.ts'

const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const
export type OpAlgorithm = (typeof algorithms)[number]

interface SigningKey {
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  readonly jwk: JWK & { readonly kid: string }
}
type KeyRing = Readonly<Record<OpAlgorithm, SigningKey>>

/** How an ID Token is made; by default as an honest OP makes it. */
export interface Minting {
  /** The algorithm; `none`, or `HS256` keyed with the RS256 public key, as attackers would. Default: RS256. */
  readonly alg?: OpAlgorithm | 'none' | 'HS256'
  /** Added to the protected header, or replacing what stands there; `undefined` removes. */
  readonly header?: Readonly<Record<string, unknown>>
  /** Signed by somebody else's key, under the `kid` of the OP's. Default: false. */
  readonly foreignKey?: boolean
}

/** How an authorization request is answered; by default as an honest OP answers it. */
export interface AuthorizationAnswer {
  /** Added to the authorization response's parameters, or replacing what stands there; `undefined` removes. */
  readonly response?: Readonly<Record<string, string | undefined>>
  readonly claims?: Readonly<Record<string, unknown>>
  readonly minting?: Minting
  /** Added to the token endpoint's answer, or replacing what stands there; `undefined` removes. */
  readonly token?: Readonly<Record<string, unknown>>
  /** Sent instead of the token endpoint's JSON. */
  readonly raw?: { readonly status: number; readonly type: string; readonly body: string }
}

/** An OpenID Provider over real HTTP that does what a test tells it to: it publishes keys and mints ID Tokens. */
export interface ScriptedOp {
  readonly issuer: string
  readonly requests: { discovery: number; jwks: number; foreign: number; token: number }
  /** The attacker's RS256 public key, and a URL where the attacker publishes it. */
  readonly foreignJwk: JWK
  readonly foreignJku: string
  /** Cuts every connection. */
  down: boolean
  /** Accepts connections, and never answers. */
  hangs: boolean
  /** How the next refreshes are answered. */
  refreshAnswer: AuthorizationAnswer
  /** The error that a revocation is answered with. Default: none. */
  revocationError: string | null
  /** The client that is not registered here, or null. */
  refusedClient: string | null
  /** What the token and revocation endpoints were sent. */
  readonly forms: URLSearchParams[]
  /** The DPoP proofs that held. One that does not is answered with `invalid_dpop_proof`. */
  readonly proofs: SeenProof[]
  /** `demanded`: proofs without this nonce are sent back for it. `offered`: the nonce that every answer brings. */
  dpopNonce: { readonly demanded?: string; readonly offered?: string }
  /** What `/resource` answers; it is a resource server that takes every token. Default: what it was sent. */
  resourceAnswer: { readonly status: number; readonly challenge: string } | null
  /** What the discovery document says instead of the truth. It is at `/elsewhere/openid-configuration` as well. */
  metadata: Record<string, unknown>
  /** @param claims besides or instead of the usual ones (josh, signed in this second); `undefined` removes */
  mint(claims?: Readonly<Record<string, unknown>>, minting?: Minting): Promise<string>
  /**
   * Answers an authorization request as the front channel does: the response's parameters, with a code that the
   * token endpoint redeems once, for the right verifier.
   */
  authorize(url: string, answer?: AuthorizationAnswer): string
  /** What the documents' headers say of the OP's clock. Default: `Date`, by that clock. */
  dateHeaders: () => Readonly<Record<string, string>>
  /** Publishes new keys only, and signs with them. */
  rotate(): Promise<void>
  close(): Promise<void>
}

/** @param now the OP's clock, in epoch seconds */
export async function startOp(now: () => number): Promise<ScriptedOp> {
  let generation = 1
  let codeCount = 0
  // Of the last login: a refresh repeats it.
  let authTime = now()
  let keys = await keyRing(`${generation}`)
  const foreign = await keyRing('foreign')
  const requests = { discovery: 0, jwks: 0, foreign: 0, token: 0 }
  const codes = new Map<string, AuthorizationAnswer & { readonly query: URLSearchParams }>()
  const usedProofs = new Set<unknown>()

  const discovery = (): object => {
    requests.discovery++
    const endpoints = {
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      revocation_endpoint: `${issuer}/revoke`,
    }
    return { issuer, ...endpoints, jwks_uri: `${issuer}/jwks`, ...op.metadata }
  }
  const documents: Readonly<Record<string, () => unknown>> = {
    '/.well-known/openid-configuration': discovery,
    '/elsewhere/openid-configuration': discovery,
    '/jwks': () => {
      requests.jwks++
      return { keys: Object.values(keys).map(key => key.jwk) }
    },
    '/foreign-jwks': () => {
      requests.foreign++
      return { keys: [op.foreignJwk] }
    },
  }
  /** @see RFC 6749 §4.1.3, RFC 7636 §4.6 */
  const redeem = async (
    form: URLSearchParams,
    proof: SeenProof | null,
  ): Promise<NonNullable<AuthorizationAnswer['raw']>> => {
    requests.token++
    const json = (status: number, body: object): NonNullable<AuthorizationAnswer['raw']> => {
      return { status, type: 'application/json', body: JSON.stringify(body) }
    }
    op.forms.push(form)
    if (form.has('token'))
      return op.revocationError ? json(400, { error: op.revocationError }) : json(200, {})
    if (op.refusedClient !== null && form.get('client_id') === op.refusedClient)
      return json(401, { error: 'invalid_client' })
    const token_type = proof ? 'DPoP' : 'Bearer'
    if (form.get('grant_type') === 'refresh_token') {
      const { claims, minting, token, raw } = op.refreshAnswer
      const id_token = await op.mint({ auth_time: authTime, ...claims }, minting)
      return raw ?? json(200, { access_token: 'at2', token_type, expires_in: 300, id_token, ...token })
    }
    const code = form.get('code') ?? ''
    const issued = codes.get(code)
    codes.delete(code)
    const hash = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const bound = issued?.query.get('dpop_jkt') ?? proof?.thumbprint
    if (!issued || hash !== issued.query.get('code_challenge') || bound !== proof?.thumbprint) {
      return json(400, { error: 'invalid_grant' })
    }
    if (issued.raw) return issued.raw
    authTime = now()
    const usual = { nonce: issued.query.get('nonce'), auth_time: authTime }
    const id_token = await op.mint({ ...usual, ...issued.claims }, issued.minting)
    return json(200, { access_token: 'at', token_type, expires_in: 300, id_token, ...issued.token })
  }
  /** @see RFC 9449 §4.3, §8, §9 */
  const checkProof = async (request: IncomingMessage): Promise<SeenProof | null | DpopError> => {
    const { dpop, host } = request.headers
    if (dpop === undefined) return null
    const { pathname } = new URL(request.url ?? '', issuer)
    const url = `http://${host}${pathname}`
    const proof = await readProof(String(dpop), request.method ?? '', url).catch(() => null)
    if (!proof || usedProofs.has(proof.claims.jti)) return 'invalid_dpop_proof'
    usedProofs.add(proof.claims.jti)
    op.proofs.push(proof)
    const { demanded } = op.dpopNonce
    return demanded !== undefined && proof.claims.nonce !== demanded ? 'use_dpop_nonce' : proof
  }

  const server = createServer(async (request, response) => {
    if (op.hangs) return
    // Node's own would be by another clock.
    response.sendDate = false
    if (op.down) {
      request.socket.destroy()
      return
    }
    const text = await readBody(request)
    const proof = await checkProof(request)
    if (op.dpopNonce.offered !== undefined) response.setHeader('DPoP-Nonce', op.dpopNonce.offered)
    if (request.url === '/token' || request.url === '/revoke') {
      const { status, type, body } =
        typeof proof === 'string'
          ? { status: 400, type: 'application/json', body: JSON.stringify({ error: proof }) }
          : await redeem(new URLSearchParams(text), proof)
      response.writeHead(status, { 'Content-Type': type })
      response.end(body)
      return
    }
    if (request.url?.startsWith('/resource')) {
      const failed = typeof proof === 'string' && { status: 401, challenge: `DPoP error="${proof}"` }
      const { status, challenge } = failed || (op.resourceAnswer ?? { status: 200, challenge: '' })
      response.writeHead(status, { 'Content-Type': 'application/json', 'WWW-Authenticate': challenge })
      response.end(JSON.stringify({ authorization: request.headers.authorization ?? null, text }))
      return
    }
    const document = documents[request.url ?? '']
    response.writeHead(document ? 200 : 404, { 'Content-Type': 'application/json', ...op.dateHeaders() })
    response.end(JSON.stringify(document?.() ?? null))
  })
  const issuer = await listen(server)

  const op: ScriptedOp = {
    issuer,
    requests,
    foreignJwk: foreign.RS256.jwk,
    foreignJku: `${issuer}/foreign-jwks`,
    down: false,
    hangs: false,
    metadata: {},
    refreshAnswer: {},
    revocationError: null,
    refusedClient: null,
    forms: [],
    proofs: [],
    dpopNonce: {},
    resourceAnswer: null,
    dateHeaders: () => ({ Date: new Date(now() * 1000).toUTCString() }),
    async mint(claims = {}, { alg = 'RS256', header = {}, foreignKey = false } = {}) {
      const at = now()
      const usual = { iss: issuer, sub: 'josh', aud: 'payments', iat: at, exp: at + 300, auth_time: at }
      const payload = { ...usual, ...claims }
      if (alg === 'none') return new UnsecuredJWT(payload).encode()
      const keyAlg = alg === 'HS256' ? 'RS256' : alg
      const { privateKey, publicKey } = (foreignKey ? foreign : keys)[keyAlg]
      const key = alg === 'HS256' ? new TextEncoder().encode(await exportSPKI(publicKey)) : privateKey
      return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
        .setProtectedHeader({ alg, typ: 'JWT', kid: keys[keyAlg].jwk.kid, ...header })
        .sign(key)
    },
    authorize(url, answer = {}) {
      const query = new URL(url).searchParams
      const code = `code-${++codeCount}`
      codes.set(code, { ...answer, query })
      const parameters = { code, state: query.get('state') ?? '', iss: issuer, ...answer.response }
      const sent = Object.entries(parameters).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      )
      return new URLSearchParams(sent).toString()
    },
    async rotate() {
      generation++
      keys = await keyRing(`${generation}`)
    },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  return op
}

// Made once per process: an RSA key takes a tenth of a second.
const rings = new Map<string, Promise<KeyRing>>()

function keyRing(name: string): Promise<KeyRing> {
  const ring = rings.get(name) ?? generateKeys(name)
  rings.set(name, ring)
  return ring
}

type DpopError = 'use_dpop_nonce' | 'invalid_dpop_proof'

async function readBody(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

async function generateKeys(name: string): Promise<KeyRing> {
  const make = async (alg: OpAlgorithm): Promise<[OpAlgorithm, SigningKey]> => {
    const { privateKey, publicKey } = await generateKeyPair(alg)
    const jwk = { ...(await exportJWK(publicKey)), alg, use: 'sig', kid: `${alg}-${name}` }
    return [alg, { privateKey, publicKey, jwk }]
  }
  return Object.fromEntries(await Promise.all(algorithms.map(make))) as KeyRing
}
