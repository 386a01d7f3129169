import type { Browser } from '../../op/browser.ts'
import { logoutChannel } from '../browser.ts'

/**
 * Listens for the page that the OP frames when the person signs out elsewhere (`handleFrontChannelLogout`). Any page
 * may frame that one, so what it says counts only for the very session of this OP that it names.
 *
 * @param iss gives the `iss` of the session's ID Token
 * @param sid gives its `sid`
 * @see OpenID Connect Front-Channel Logout 1.0 §2
 */
export function listenForLogout(
  browser: Pick<Browser, 'openChannel'>,
  iss: () => unknown,
  sid: () => unknown,
  end: () => void,
): () => void {
  const channel = browser.openChannel(logoutChannel)
  if (!channel) return () => {}
  channel.onmessage = ({ data }: MessageEvent<{ readonly iss?: unknown; readonly sid?: unknown } | null>) => {
    if (data && data.iss === iss() && typeof data.sid === 'string' && data.sid === sid()) end()
  }
  return () => channel.close()
}
