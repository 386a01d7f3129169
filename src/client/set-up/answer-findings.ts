import { type Finding, type Paths, subPathHint, thePage, withoutFrames } from './findings.ts'

// What the answer of the callback page shows.

/** @param beside where there is such a page instead, or null */
export function refusedWith(status: number, paths: Paths, beside: string | null = null): Finding {
  if (status >= 500) return { what: `${thePage(paths)} answers with status ${status}.`, fault: 'likely' }
  const isMissing = status === 404 || status === 410
  const what = isMissing
    ? `There is no page at \`callbackUrl\` (${paths.callbackPath}): the answer is status ${status}. The OpenID Provider sends people back to that page. `
    : `${thePage(paths)} answers with status ${status}. `
  if (beside !== null) return { what: what + movedTo(beside), fault: 'page' }
  const mend = isMissing ? deployIt : 'It must be there for everyone, also for those who are not signed in.'
  return { what: what + mend + subPathHint(paths), fault: 'page' }
}

/** The browser is offline, or the server is down. */
export function unreachablePage(paths: Paths): Finding {
  return { what: `${thePage(paths)} cannot be reached.`, fault: 'likely' }
}

export function sentAs(type: string, paths: Paths): Finding {
  const what = `${thePage(paths)} is sent as ${type}: it must be the page that runs \`afresh/callback\`, as text/html.`
  return { what, fault: 'page' }
}

/** @param beside where there is such a page instead, or null */
export function answeredByApp(paths: Paths, beside: string | null = null): Finding {
  const what = `At \`callbackUrl\` (${paths.callbackPath}) the server sends the app itself, and not the page that runs \`afresh/callback\`. `
  if (beside !== null) return { what: what + movedTo(beside), fault: 'page' }
  const rewrite = ' Exclude its path from the SPA fallback.'
  return { what: what + deployIt + rewrite + subPathHint(paths), fault: 'page' }
}

export function withoutEmbedderPolicy(paths: Paths): Finding {
  const what =
    `${embedderRule}. ${thePage(paths)} has none: send it with \`${embedderHeader}: require-corp\`. The OpenID ` +
    `Provider's pages need it too. If they have none, ${withoutFrames}.`
  return { what, fault: 'frame' }
}

export function embedderPolicyOfOp(): Finding {
  return {
    what: `${embedderRule}. The OpenID Provider's pages need it too. If they have none, ${withoutFrames}.`,
    fault: 'likely',
  }
}

/** @param others the origins of the pages that frame the app */
export function keptFromFrames(header: string, others: readonly string[], paths: Paths): Finding {
  const ancestors = ["'self'", ...new Set(others)].join(' ')
  const what =
    `${thePage(paths)} is sent with a header that forbids frames (${header}). The app needs that page in a hidden frame: ` +
    `send it with \`Content-Security-Policy: frame-ancestors ${ancestors}\` instead.`
  return { what, fault: 'frame' }
}

export function scriptsBlocked(directive: string, paths: Paths): Finding {
  const what =
    `The Content-Security-Policy of the page at \`callbackUrl\` (${paths.callbackPath}) blocks its script ` +
    `(${directive}): add \`script-src 'self'\` to it. A script that stands inside the page needs a nonce or a hash instead.`
  return { what, fault: 'page' }
}

export function withoutScript(paths: Paths): Finding {
  return {
    what: `${thePage(paths)} has no script: it must be the page that runs \`afresh/callback\`.`,
    fault: 'page',
  }
}

/** @param script the path of a script of that page; `answer` is what comes there instead, such as `status 404` */
export function scriptMissing(script: string, answer: string, paths: Paths): Finding {
  const what =
    `The page at \`callbackUrl\` (${paths.callbackPath}) cannot run: its script ${script} answers with ${answer}. Deploy ` +
    'that page together with its script.'
  return { what, fault: 'page' }
}

const deployIt =
  'Put the page there that runs `afresh/callback` (the Vite plugin `afresh/vite` does so), or set `callbackUrl` to where it is.'

const movedTo = (beside: string): string =>
  `There is one at ${beside}: set \`callbackUrl: '${beside}'\`, and register its whole URL at the OpenID Provider as redirect URI.`

const embedderHeader = 'Cross-Origin-Embedder-Policy'
const embedderRule = `This page is sent with the header ${embedderHeader}, so the browser frames only pages that have that header too`
