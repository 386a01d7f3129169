import { openChannel } from '../../op/channel.ts'
import { logoutChannel } from '../browser.ts'

/**
 * Listens for the page that the OP frames when the person signs out elsewhere (`handleFrontChannelLogout`). Any page
 * may frame that one, so what it says counts only for the very session of this OP that it names.
 *
 * @param sid gives the `sid` of the session's ID Token
 * @see OpenID Connect Front-Channel Logout 1.0 §2
 */
export function listenForLogout(issuer: string, sid: () => unknown, end: () => void): () => void {
  const channel = openChannel(logoutChannel)
  if (!channel) return () => {}
  channel.onmessage = ({ data }: MessageEvent<{ readonly iss?: unknown; readonly sid?: unknown } | null>) => {
    if (data?.iss === issuer && typeof data.sid === 'string' && data.sid === sid()) end()
  }
  return () => channel.close()
}
