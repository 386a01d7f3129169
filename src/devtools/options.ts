import type { AuthClient } from '../client/auth-client.ts'

/** A corner of the page. `start` and `end` follow the direction of the page's text. */
export type Corner = 'top-start' | 'top-end' | 'bottom-start' | 'bottom-end'

/** How the devtools are shown. Every option may be left out. */
export interface DevtoolsOptions {
  /** The corner for the button and the panel. Default: `bottom-end`. */
  readonly corner?: Corner | undefined
  /** Whether the panel is open at first. After that, the tab remembers it. Default: false. */
  readonly open?: boolean | undefined
  /** The name of these devtools. It tells the clients of a page apart. Default: `afresh`. */
  readonly name?: string | undefined
  /**
   * Loads the panel, and shows the devtools in production too: `() => import('afresh/devtools/panel')`. Then everyone
   * who opens the page sees who is signed in there, when that person's tokens end, and what the client does. No token
   * is shown. Default: the devtools are not shown in production.
   */
  readonly panel?: (() => Promise<PanelModule>) | undefined
}

/** The module `afresh/devtools/panel`. */
export interface PanelModule {
  /**
   * Shows the button and the panel.
   *
   * @param client the client that they show
   * @param options how they are shown
   * @returns a function that removes both
   */
  showPanel(client: AuthClient, options: PanelOptions): () => void
}

/** How the panel is shown. No option may be left out. */
export interface PanelOptions {
  /** The corner for the button and the panel. */
  readonly corner: Corner
  /** Whether the panel is open at first. What the tab remembers counts more. */
  readonly open: boolean
  /** The name of these devtools. The tab remembers the state of the panel by this name. */
  readonly name: string
}
