import { noSignature, ownSigner, signingInput, type UnsignedJwt } from './mint.ts'
import { subOf } from './people.ts'
import { metadataOf } from './provider-metadata.ts'
import type { Script, ScriptedNetwork, TestPerson } from './script.ts'
import { createAnswer } from './scripted-answer.ts'
import { createAuthorizationEndpoint } from './scripted-authorization.ts'
import { createScriptedBackend, type ScriptedBackend } from './scripted-backend.ts'
import { hashOf } from './scripted-grants.ts'
import { createLogins, type Logins } from './scripted-logins.ts'
import { accessTokenOf, createScriptedOp, type FrontChannel, type ScriptedOp } from './scripted-op.ts'
import { createTokenEndpoint } from './scripted-token-endpoint.ts'
import { createTokens, type Tokens } from './scripted-tokens.ts'

/** Makes an OP and a backend's freshness endpoint that play by the script, as it is at each moment. */
export function createScriptedNetwork(script: Script): ScriptedNetwork {
  let parts = createParts(script)
  const json = createAnswer(script)
  const personOf: ScriptedNetwork['personOf'] = request =>
    parts.tokens.loginOf(accessTokenOf(request))?.person ?? null
  const idTokenOf = (person: TestPerson, claims: Claims = {}): UnsignedJwt =>
    parts.tokens.idToken(parts.logins.of(person), claims)

  return {
    metadata: metadataOf(script.issuer),
    answer: async request => (await parts.op(request)) ?? (await parts.backend.answer(request)),
    authorize: url => parts.pages.authorize(url),
    endSession: url => parts.pages.endSession(url),
    idToken: (person, claims) => unsigned(idTokenOf(person, claims)),
    signedIdToken: (person, claims) => signed(idTokenOf(person, claims)),
    tokens(person, claims) {
      const issued = parts.tokens.issue(parts.logins.of(person))
      return { ...issued, token_type: 'Bearer', id_token: unsigned(idTokenOf(person, claims)) }
    },
    personOf,
    async requireGrant(request, action, { subject, context } = {}) {
      const person = personOf(request)
      const sub = subject ?? (person && subOf(person))
      if (sub === null) return json(401, { error: 'invalid_token' }, { 'WWW-Authenticate': 'Bearer' })
      return parts.backend.guard(request, { action, sub, contextHash: await hashOf(context) })
    },
    reset() {
      parts = createParts(script)
    },
  }
}

type Claims = Readonly<Record<string, unknown>>

/** What remembers something. */
interface Parts {
  readonly logins: Logins
  readonly tokens: Tokens
  readonly pages: FrontChannel
  readonly op: ScriptedOp
  readonly backend: ScriptedBackend
}

function createParts(script: Script): Parts {
  const logins = createLogins(script)
  const tokens = createTokens(script)
  const authorization = createAuthorizationEndpoint(script, logins)
  const pages: FrontChannel = {
    authorize: authorization.authorize,
    endSession(url) {
      logins.end()
      const state = new URL(url).searchParams.get('state')
      return new URLSearchParams(state === null ? {} : { state }).toString()
    },
  }
  const op = createScriptedOp(script, pages, createTokenEndpoint(script, authorization, tokens), tokens)
  return { logins, tokens, pages, op, backend: createScriptedBackend(script, logins.personOf) }
}

/** Without a real signature, so that it is there at once. */
function unsigned(jwt: UnsignedJwt): string {
  return `${signingInput(jwt)}.${noSignature}`
}

async function signed(jwt: UnsignedJwt): Promise<string> {
  const text = signingInput(jwt)
  return `${text}.${await ownSigner.sign(text)}`
}
