/** What a page of this package is made of. */
export interface PageParts {
  /** The `src` of its script, which is a module. */
  readonly script: string
  /** Where the callback page goes when no page waits for its answer. */
  readonly home?: string | undefined
  /** For a Content-Security-Policy that allows scripts by a nonce. */
  readonly nonce?: string | undefined
}

/** The name of the `<meta>` that tells the callback page's script where the app is. */
export const homeName = 'afresh-home'

/**
 * A page without inline script and without style, so that the strictest Content-Security-Policy allows it. Nothing that it
 * loads is told its address, and no search engine lists it.
 */
export function pageHtml({ script, home, nonce }: PageParts): string {
  const meta: readonly [string, string | undefined][] = [
    ['viewport', 'width=device-width, initial-scale=1'],
    ['color-scheme', 'light dark'],
    ['referrer', 'no-referrer'],
    ['robots', 'noindex'],
    [homeName, home],
  ]
  const lines = meta.flatMap(([name, content]) =>
    content === undefined ? [] : `    <meta name="${name}" content="${inAttribute(content)}" />\n`,
  )
  const byNonce = nonce === undefined ? '' : ` nonce="${inAttribute(nonce)}"`
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
${lines.join('')}    <title>One moment…</title>
    <link rel="icon" href="data:," />
    <script type="module" src="${inAttribute(script)}"${byNonce}></script>
  </head>
  <body></body>
</html>
`
}

const inAttribute = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
