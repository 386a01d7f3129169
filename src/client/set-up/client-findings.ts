import { type Finding, withoutFrames } from './findings.ts'

// What may keep the OP from answering, where the callback page is as it should be.

/** What the app has said about itself, and the OP must know. */
export interface RegisteredClient {
  readonly clientId: string
  readonly callbackUrl: string
}

/** @param refusal what the OP's token endpoint says */
export function unknownClient(refusal: string, { clientId }: RegisteredClient): Finding {
  const what =
    `The OpenID Provider refuses this client: it answers \`${refusal}\` to the \`clientId\` "${clientId}". Correct ` +
    '`clientId`, or make the client a public one there (a single-page app, without a secret).'
  return { what, fault: 'client' }
}

/** The OP knows the client, as far as it tells, and says nothing. */
export function silentOp({ clientId, callbackUrl }: RegisteredClient, isKnown: boolean): Finding {
  const client = isKnown ? '' : `it does not know the \`clientId\` "${clientId}", or `
  const what =
    `Most likely ${client}this exact \`callbackUrl\` is not registered there as redirect URI of the client: ` +
    `${callbackUrl}. Sign in, and the OpenID Provider's own page says what is wrong. If that sign-in works, its pages ` +
    `cannot be framed: ${withoutFrames}.`
  return { what, fault: 'likely' }
}
