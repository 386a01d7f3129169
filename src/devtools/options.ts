import type { AuthClient } from '../client/auth-client.ts'

/** A corner of the page; `start` and `end` follow the direction of its text. */
export type Corner = 'top-start' | 'top-end' | 'bottom-start' | 'bottom-end'

/** How the devtools are shown. */
export interface DevtoolsOptions {
  /** Where their button is, and the panel. Default: `bottom-end`. */
  readonly corner?: Corner | undefined
  /** Whether the panel is open at first; after that, the tab remembers it. Default: false. */
  readonly open?: boolean | undefined
  /** What they are called, which tells the clients of a page apart. Default: `afresh`. */
  readonly name?: string | undefined
  /**
   * Shows the devtools in production too: `() => import('afresh/devtools/panel')`. Everyone who opens the page then sees who
   * is signed in there, when their tokens end and what the client does; never a token. Default: not in production.
   */
  readonly panel?: (() => Promise<PanelModule>) | undefined
}

/** What `afresh/devtools/panel` is. */
export interface PanelModule {
  /** Shows button and panel. @returns what takes them away */
  showPanel(client: AuthClient, options: PanelOptions): () => void
}

/** How the panel is shown; all of it is said. */
export interface PanelOptions {
  /** As in `DevtoolsOptions`. */
  readonly corner: Corner
  /** As in `DevtoolsOptions`: what the tab remembers counts before it. */
  readonly open: boolean
  /** As in `DevtoolsOptions`. The tab remembers by this name too. */
  readonly name: string
}
