import type { OpenIdProvider } from '../../op/openid-provider.ts'
import { type RegisteredClient, silentOp, unknownClient } from './client-findings.ts'
import type { Finding } from './findings.ts'

/**
 * Says why the OP may give no answer in a frame. It never rejects.
 *
 * @param mayAsk whether to ask the OP about the client
 */
export async function probeClient(
  op: Pick<OpenIdProvider, 'askAboutClient'>,
  client: RegisteredClient,
  mayAsk: boolean,
): Promise<Finding> {
  const standing = mayAsk ? await op.askAboutClient() : 'untold'
  return typeof standing === 'object'
    ? unknownClient(standing.refusal, client)
    : silentOp(client, standing === 'known')
}
