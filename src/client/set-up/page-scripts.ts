/** A script element of a page. */
export interface PageScript {
  /** As the page writes it; null for one whose text is in the page. */
  readonly src: string | null
  readonly nonce: string | null
}

/** The scripts of a page, as its HTML has them. What scripts add is *not* seen. */
export function scriptsIn(html: string): PageScript[] {
  const tags = html.replace(/<!--.*?-->/gs, '').matchAll(/<script\b([^>]*)>/gi)
  return [...tags].map(([, attributes = '']) => ({
    src: attribute(attributes, 'src'),
    nonce: attribute(attributes, 'nonce'),
  }))
}

/** The Content-Security-Policies that a page has in its HTML. */
export function policiesIn(html: string): string[] {
  return [...html.matchAll(/<meta\b([^>]*)>/gi)].flatMap(([, attributes = '']) =>
    attribute(attributes, 'http-equiv')?.toLowerCase() === 'content-security-policy'
      ? (attribute(attributes, 'content') ?? [])
      : [],
  )
}

function attribute(attributes: string, name: string): string | null {
  const [, double, single, plain] =
    new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(attributes) ?? []
  return double ?? single ?? plain ?? null
}
