/** A directive of a page's Content-Security-Policy headers, once for each policy that has it. */
type Sources = readonly string[]

/**
 * The header that keeps a page from being framed; null when none does. Of a source, scheme and port are *not* compared.
 *
 * @param ancestors the origins of the pages around it, its own origin first
 * @see Content Security Policy Level 3 §6.4.2; HTML §7.6 (`X-Frame-Options`, which counts only without `frame-ancestors`)
 */
export function framingRefusal(headers: Headers, ancestors: readonly string[]): string | null {
  const policies = directives(headers, ['frame-ancestors'])
  if (policies.length > 0) {
    const isAllowed = (origin: string): boolean =>
      policies.every(sources => sources.some(source => matches(source, origin, ancestors[0] ?? origin)))
    return ancestors.every(isAllowed) ? null : 'Content-Security-Policy: frame-ancestors'
  }
  const options =
    headers
      .get('X-Frame-Options')
      ?.toLowerCase()
      .split(/\s*,\s*/) ?? []
  const isSameOrigin = ancestors.every(origin => origin === ancestors[0])
  const isRefused = options.includes('deny') || (options.includes('sameorigin') && !isSameOrigin)
  return isRefused ? 'X-Frame-Options' : null
}

/** The directive that keeps all scripts of a page from running; null when none does. */
export function scriptRefusal(headers: Headers): string | null {
  const isNothing = (sources: Sources): boolean => sources.every(source => source === "'none'")
  if (directives(headers, ['script-src-elem', 'script-src', 'default-src']).some(isNothing))
    return 'script-src'
  const isStill = (flags: Sources): boolean => !flags.includes('allow-scripts')
  return directives(headers, ['sandbox']).some(isStill) ? 'sandbox' : null
}

/** What one policy after the other says for the first of these directives that it has. */
function directives(headers: Headers, names: readonly string[]): Sources[] {
  const policies = headers.get('Content-Security-Policy')?.split(',') ?? []
  return policies.flatMap(policy => {
    const known = new Map<string, Sources>()
    for (const directive of policy.split(';')) {
      const [name = '', ...sources] = directive.trim().toLowerCase().split(/\s+/)
      // Of two, the first counts.
      if (!known.has(name)) known.set(name, sources)
    }
    const name = names.find(one => known.has(one))
    return name === undefined ? [] : [known.get(name) ?? []]
  })
}

function matches(source: string, origin: string, self: string): boolean {
  if (source === '*') return true
  if (source === "'self'") return origin === self
  const { protocol, hostname } = new URL(origin)
  if (/^[a-z][a-z\d+.-]*:$/.test(source)) return source === protocol
  const host = source.replace(/^[a-z][a-z\d+.-]*:\/\//, '').replace(/[:/].*$/, '')
  return host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : host === hostname
}

/** Whether a page demands Cross-Origin-Embedder-Policy of the pages that it frames, or meets that demand. @see HTML §7.1.4 */
export function hasEmbedderPolicy(headers: Headers): boolean {
  return /^(require-corp|credentialless)\b/i.test(headers.get('Cross-Origin-Embedder-Policy') ?? '')
}
