import type { Script, ScriptedNetwork } from './script.ts'
import { createAuthorizationEndpoint } from './scripted-authorization.ts'
import { createScriptedBackend } from './scripted-backend.ts'
import { createLogins } from './scripted-logins.ts'
import { bearerOf, createScriptedOp, metadataOf } from './scripted-op.ts'
import { createTokens, signedText, unsignedText } from './scripted-tokens.ts'

/** Makes an OP and a backend's freshness endpoint that play by the script, as it is at each moment. */
export function createScriptedNetwork(script: Script): ScriptedNetwork {
  const logins = createLogins(script)
  const tokens = createTokens(script)
  const authorization = createAuthorizationEndpoint(script, logins)
  const op = createScriptedOp(script, authorization, tokens)
  const backend = createScriptedBackend(script, logins.personOf)

  return {
    metadata: metadataOf(script.issuer),
    answer: async request => (await op(request)) ?? (await backend(request)),
    authorize: authorization.authorize,
    endSession(url) {
      logins.end()
      const state = new URL(url).searchParams.get('state')
      return new URLSearchParams(state === null ? {} : { state }).toString()
    },
    idToken: (person, claims = {}) => unsignedText(tokens.idToken(logins.of(person), claims)),
    signedIdToken: (person, claims = {}) => signedText(tokens.idToken(logins.of(person), claims)),
    tokens(person, claims = {}) {
      const login = logins.of(person)
      const idToken = unsignedText(tokens.idToken(login, claims))
      return { ...tokens.issue(login), token_type: 'Bearer', id_token: idToken }
    },
    personOf: request => tokens.loginOf(bearerOf(request))?.person ?? null,
  }
}
