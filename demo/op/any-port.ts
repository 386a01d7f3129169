import { withAccounts } from './accounts.ts'
import type { OpOverrides } from './op.ts'

/** The names of this machine for itself. */
const loopback = ['localhost', '127.0.0.1', '[::1]']

/**
 * The demo's own OP for any app of this machine, at whatever port the app runs. A sign-in comes back to
 * `/auth/callback.html` there.
 *
 * @see RFC 8252 §7.3
 */
export const anyPort: OpOverrides = {
  ...withAccounts,
  linksToApp: false,
  configure: configuration => {
    const configured = withAccounts.configure?.(configuration) ?? configuration
    // Only a native app may have any port. The library would ask for its consent each time, so nothing would be silent.
    configured.interactions?.policy?.get('consent')?.checks.remove('native_client_prompt')
    const callbacks = loopback.map(host => `http://${host}/auth/callback.html`)
    return {
      ...configured,
      clients: configured.clients.map(client => ({
        ...client,
        application_type: 'native',
        redirect_uris: callbacks,
        post_logout_redirect_uris: callbacks,
      })),
      clientBasedCORS: (_, origin) => loopback.includes(new URL(origin).hostname),
    }
  },
}
