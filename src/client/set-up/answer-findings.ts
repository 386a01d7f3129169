import { type Finding, type Paths, subPathHint, thePage } from './findings.ts'

// What the answer of the callback page shows.

export function refusedWith(status: number, paths: Paths): Finding {
  const what = `${thePage(paths)} answers with status ${status}`
  if (status >= 500) return { what: `${what}.`, fault: 'likely' }
  return {
    what: `${what}: deploy the page there that runs \`afresh/callback\`.${subPathHint(paths)}`,
    fault: 'page',
  }
}

export function sentAs(type: string, paths: Paths): Finding {
  const what = `${thePage(paths)} is sent as ${type}: it must be the page that runs \`afresh/callback\`, as text/html.`
  return { what, fault: 'page' }
}

export function answeredByApp(paths: Paths): Finding {
  const what =
    `The app itself answers at \`callbackUrl\` (${paths.callbackPath}), and not the page that runs ` +
    '`afresh/callback`: deploy that page there, and except its path from the rewrite that sends the app for ' +
    `unknown paths.${subPathHint(paths)}`
  return { what, fault: 'page' }
}

export function withoutEmbedderPolicy(paths: Paths): Finding {
  const what =
    `${embedderRule}, and the page at \`callbackUrl\` (${paths.callbackPath}) is not: send it with that header. If ` +
    "the OpenID Provider's pages come without it, set `iframe: false` in the provider's profile."
  return { what, fault: 'frame' }
}

export function embedderPolicyOfOp(): Finding {
  const what = `${embedderRule}. If the OpenID Provider's pages are not, set \`iframe: false\` in the provider's profile.`
  return { what, fault: 'likely' }
}

/** @param others the origins of the pages that frame the app */
export function keptFromFrames(header: string, others: readonly string[], paths: Paths): Finding {
  const ancestors = ["'self'", ...new Set(others)].join(' ')
  const what =
    `${thePage(paths)} is sent with a header that keeps it from being framed (${header}): send it with ` +
    `\`Content-Security-Policy: frame-ancestors ${ancestors}\`.`
  return { what, fault: 'frame' }
}

export function scriptsBlocked(directive: string, paths: Paths): Finding {
  const what =
    `The scripts of the page at \`callbackUrl\` (${paths.callbackPath}) are blocked by its Content-Security-Policy ` +
    `(${directive}): allow the one that runs \`afresh/callback\`.`
  return { what, fault: 'page' }
}

/** The callback page is as it should be. */
export const silentOp: Finding = {
  what:
    'The page at `callbackUrl` is as it should be. The OpenID Provider may refuse to be framed (then set ' +
    "`iframe: false` in the provider's profile), or show an error, as for a `clientId` that it does not know or a " +
    '`callbackUrl` that is not registered there.',
  fault: 'likely',
}

const embedderRule =
  'This page is sent with Cross-Origin-Embedder-Policy, so that it can frame only pages that are sent with it too'
