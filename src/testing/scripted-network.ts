import { noSignature, ownSigner, signingInput, type UnsignedJwt } from './mint.ts'
import { subOf } from './people.ts'
import { metadataOf } from './provider-metadata.ts'
import type { Script, ScriptedNetwork } from './script.ts'
import { createAnswer } from './scripted-answer.ts'
import { createAuthorizationEndpoint } from './scripted-authorization.ts'
import { createScriptedBackend } from './scripted-backend.ts'
import { hashOf } from './scripted-grants.ts'
import { createLogins } from './scripted-logins.ts'
import { accessTokenOf, createScriptedOp } from './scripted-op.ts'
import { createTokenEndpoint } from './scripted-token-endpoint.ts'
import { createTokens } from './scripted-tokens.ts'

/** Makes an OP and a backend's freshness endpoint that play by the script, as it is at each moment. */
export function createScriptedNetwork(script: Script): ScriptedNetwork {
  const logins = createLogins(script)
  const tokens = createTokens(script)
  const authorization = createAuthorizationEndpoint(script, logins)
  const endSession = (url: string): string => {
    logins.end()
    const state = new URL(url).searchParams.get('state')
    return new URLSearchParams(state === null ? {} : { state }).toString()
  }
  const { authorize } = authorization
  const tokenEndpoint = createTokenEndpoint(script, authorization, tokens)
  const op = createScriptedOp(script, { authorize, endSession }, tokenEndpoint, tokens)
  const backend = createScriptedBackend(script, logins.personOf)
  const json = createAnswer(script)
  const personOf: ScriptedNetwork['personOf'] = request =>
    tokens.loginOf(accessTokenOf(request))?.person ?? null

  return {
    metadata: metadataOf(script.issuer),
    answer: async request => (await op(request)) ?? (await backend.answer(request)),
    authorize,
    endSession,
    idToken: (person, claims = {}) => unsigned(tokens.idToken(logins.of(person), claims)),
    signedIdToken: (person, claims = {}) => signed(tokens.idToken(logins.of(person), claims)),
    tokens(person, claims = {}) {
      const login = logins.of(person)
      const id_token = unsigned(tokens.idToken(login, claims))
      return { ...tokens.issue(login), token_type: 'Bearer', id_token }
    },
    personOf,
    async requireGrant(request, action, { subject, context } = {}) {
      const person = personOf(request)
      const sub = subject ?? (person && subOf(person))
      if (sub === null) return json(401, { error: 'invalid_token' }, { 'WWW-Authenticate': 'Bearer' })
      return backend.guard(request, { action, sub, contextHash: await hashOf(context) })
    },
  }
}

/** Without a real signature, so that it is there at once. */
function unsigned(jwt: UnsignedJwt): string {
  return `${signingInput(jwt)}.${noSignature}`
}

async function signed(jwt: UnsignedJwt): Promise<string> {
  const text = signingInput(jwt)
  return `${text}.${await ownSigner.sign(text)}`
}
