import type { Finding } from './findings.ts'

// What may keep the OP from answering, where the callback page is as it should be.

/** What the app has said about itself, and the OP must know. */
export interface RegisteredClient {
  readonly clientId: string
  readonly callbackUrl: string
}

/** @param refusal what the OP's token endpoint says */
export function unknownClient(refusal: string, { clientId }: RegisteredClient): Finding {
  const what =
    `The OpenID Provider refuses this client: its token endpoint answers \`${refusal}\` to the \`clientId\` ` +
    `"${clientId}". Correct \`clientId\`, or register it there as a public client (a single-page app, without a secret).`
  return { what, fault: 'client' }
}

/** The OP knows the client, as far as it tells, and says nothing. */
export function silentOp({ clientId, callbackUrl }: RegisteredClient, isKnown: boolean): Finding {
  const client = isKnown ? '' : `\`clientId\` ("${clientId}") is unknown there, or `
  const what =
    `The page at \`callbackUrl\` is as it should be, so most likely the OpenID Provider shows an error of its own: ` +
    `${client}\`callbackUrl\` is not registered there for this client exactly as it stands here: ${callbackUrl}. A sign-in ` +
    'shows what it says. Or it refuses to be framed: then set `iframe: false` in the profile that the option `provider` takes.'
  return { what, fault: 'likely' }
}
