/** Why there is no answer in a hidden frame. */
export interface Finding {
  /** What is wrong and what to do; whole sentences. */
  readonly what: string
  /**
   * What cannot work: `frame`, the page cannot be shown in one; `page`, it gives no answer in any window; `client`, the
   * OP gives none. `likely`: it may be something else.
   */
  readonly fault: 'frame' | 'page' | 'client' | 'likely'
}

/** Find out why there is no answer; each asks once. Null where nothing is found. They never reject. */
export interface SetUpProbes {
  /** Looks at what `callbackUrl` is answered with. */
  callbackPage(): Promise<Finding | null>
  /** Asks the OP about the client. To be used where the callback page is as it should be. */
  client(): Promise<Finding | null>
}

/** Paths of `callbackUrl` and of this page. */
export interface Paths {
  readonly callbackPath: string
  readonly path: string
}

/** The page is shown in a frame, is sent as it should be, and says nothing. */
export function silentPage(paths: Paths): Finding {
  const what =
    `${thePage(paths)} was loaded and said nothing. Its script is blocked, by its Content-Security-Policy or Trusted ` +
    'Types, or fails (see the errors above), or is another one than `afresh/callback`, such as that of the app from a ' +
    `service worker.${subPathHint(paths)}`
  return { what, fault: 'page' }
}

/** @param op the OP's origin */
export function frameBlocked(directive: string, op: string): Finding {
  const what =
    `This page's Content-Security-Policy (${directive}) blocks the hidden frame in which the session is looked for. It ` +
    `must allow the page at \`callbackUrl\` and the OpenID Provider: \`frame-src 'self' ${op}\`.`
  return { what, fault: 'frame' }
}

/** What to do where the OP's pages cannot be framed; the end of a sentence. */
export const withoutFrames =
  "switch hidden frames off: `provider: { ...generic(), iframe: false }`, or with your provider's profile in place of `generic()`"

/** How a finding begins. */
export function thePage({ callbackPath }: Paths): string {
  return `The page at \`callbackUrl\` (${callbackPath})`
}

/** Where a callback page is that is deployed beside this page; null if that is where `callbackUrl` is looked for. */
export function pathBeside({ callbackPath, path }: Paths): string | null {
  const [base] = /^\/[^/]+\//.exec(path) ?? []
  return base === undefined || callbackPath.startsWith(base) ? null : base.slice(0, -1) + callbackPath
}

/** For an app that is deployed under a path, whose `callbackUrl` is not. */
export function subPathHint(paths: Paths): string {
  const path = pathBeside(paths)
  if (path === null) return ''
  const base = path.slice(0, path.length - paths.callbackPath.length + 1)
  return ` If the app is deployed under ${base}, \`callbackUrl\` must be under it too: \`${path}\`.`
}
