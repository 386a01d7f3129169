import type { AuthClient } from '../client/auth-client.ts'
import { ConfigurationError } from '../core/errors.ts'
import type { Corner, DevtoolsOptions, PanelModule } from './options.ts'

const corners: readonly Corner[] = ['top-start', 'top-end', 'bottom-start', 'bottom-end']

/**
 * Shows what a client does: a button in a corner of the page, and the panel that the button opens. This call loads
 * both. It does nothing if `process.env.NODE_ENV` is `production`, and a bundler then leaves the panel out; the option
 * `panel` changes that. It also does nothing on a server, and in a page that has neither a bundler nor a `process`,
 * unless it is given a `panel`.
 *
 * @param client the client that `createAuthClient` has made
 * @param options how the devtools are shown
 * @returns a function that removes them
 * @throws `ConfigurationError` for an unknown corner, or without a client
 */
export function showDevtools(client: AuthClient, options: DevtoolsOptions = {}): () => void {
  const { corner = 'bottom-end', open = false, name = 'afresh', panel = developmentPanel } = options
  if (typeof client?.store?.getState !== 'function')
    throw new ConfigurationError('showDevtools needs the client that createAuthClient has made')
  if (!corners.includes(corner))
    throw new ConfigurationError(`The devtools' corner must be one of ${corners.join(', ')}`)
  if (typeof document === 'undefined') return () => {}
  let isWanted = true
  let remove = (): void => {}
  panel()?.then(
    ({ showPanel }) => {
      if (isWanted) remove = showPanel(client, { corner, open, name })
    },
    error => console.warn('afresh: the devtools could not be loaded', error),
  )
  return () => {
    isWanted = false
    remove()
  }
}

/** What bundlers replace, and Node has. */
declare const process: { readonly env: { readonly NODE_ENV?: string } }

/** Null in production. */
function developmentPanel(): Promise<PanelModule> | null {
  try {
    // A bundler replaces this, and drops the import with it. So it stands here as a whole.
    return process.env.NODE_ENV === 'production' ? null : import('./panel.ts')
  } catch {
    // No `process`: nothing says that this is no production.
    return null
  }
}
