/** Why there is no answer in a hidden frame. */
export interface Finding {
  /** What is wrong and what to do; whole sentences. */
  readonly what: string
  /**
   * What cannot work: `frame`, the page cannot be shown in one; `page`, it gives no answer in any window. `likely`: it
   * may be something else.
   */
  readonly fault: 'frame' | 'page' | 'likely'
}

/** Paths of `callbackUrl` and of this page. */
export interface Paths {
  readonly callbackPath: string
  readonly path: string
}

/** The page is shown in a frame, is sent as it should be, and says nothing. */
export function silentPage(paths: Paths): Finding {
  const what =
    `${thePage(paths)} was loaded and gave no answer. Either its script is blocked or missing (see its ` +
    "Content-Security-Policy and the script's own path), or another page answers there, such as the app from a " +
    `service worker.${subPathHint(paths)}`
  return { what, fault: 'page' }
}

/** @param op the OP's origin */
export function frameBlocked(directive: string, op: string): Finding {
  const what =
    `This page's Content-Security-Policy (${directive}) blocks the hidden frame: \`frame-src\` must name 'self', for ` +
    `the page at \`callbackUrl\`, and the OpenID Provider (${op}).`
  return { what, fault: 'frame' }
}

/** How a finding begins. */
export function thePage({ callbackPath }: Paths): string {
  return `The page at \`callbackUrl\` (${callbackPath})`
}

/** For an app that is deployed under a path, whose `callbackUrl` is not. */
export function subPathHint({ callbackPath, path }: Paths): string {
  const [base] = /^\/[^/]+\//.exec(path) ?? []
  if (base === undefined || callbackPath.startsWith(base)) return ''
  return ` If the app is deployed under ${base}, \`callbackUrl\` must be under it too: \`${base.slice(0, -1)}${callbackPath}\`.`
}
