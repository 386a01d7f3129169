import { type PageScript, policiesIn, scriptsIn } from './page-scripts.ts'

/** A directive of a Content-Security-Policy. Its name is in lower case. */
interface Directive {
  readonly name: string
  readonly sources: readonly string[]
}

/**
 * The header that keeps a page from being framed, as it is sent; null when none does. Of a source, scheme and port are *not* compared.
 *
 * @param ancestors the origins of the pages around it, its own origin first
 * @see Content Security Policy Level 3 §6.4.2; HTML §7.6 (`X-Frame-Options`, which counts only without `frame-ancestors`)
 */
export function framingRefusal(headers: Headers, ancestors: readonly string[]): string | null {
  const policies = directives(policiesOf(headers), ['frame-ancestors'])
  if (policies.length > 0) {
    const refusing = policies.find(({ sources }) =>
      ancestors.some(origin => !sources.some(one => matches(one, origin, ancestors[0] ?? origin))),
    )
    return refusing ? `Content-Security-Policy: ${asText(refusing)}` : null
  }
  const options =
    headers
      .get('X-Frame-Options')
      ?.toLowerCase()
      .split(/\s*,\s*/) ?? []
  const isSameOrigin = ancestors.every(origin => origin === ancestors[0])
  const refusing = options.find(option => option === 'deny' || (option === 'sameorigin' && !isSameOrigin))
  return refusing === undefined ? null : `X-Frame-Options: ${refusing.toUpperCase()}`
}

/**
 * The directive that keeps every script of a page from running, as it stands there but for the nonce; null when none
 * does. It is *not* checked whether a script has one of the hashes that a policy lists: it is taken to have it.
 *
 * @param url the page's own
 * @see Content Security Policy Level 3 §6.7.2
 */
export function scriptRefusal(headers: Headers, html: string, url: string): string | null {
  const policies = [...policiesOf(headers), ...policiesIn(html)]
  const scripts = scriptsIn(html)
  const blocks = ({ sources }: Directive): boolean =>
    isNothing(sources) || (scripts.length > 0 && scripts.every(script => !isAllowed(script, sources, url)))
  const refusing =
    directives(policies, ['script-src-elem', 'script-src', 'default-src']).find(blocks) ??
    directives(policies, ['sandbox']).find(({ sources }) => !includes(sources, 'allow-scripts'))
  return refusing ? asText(refusing) : null
}

/** Whether a page demands Cross-Origin-Embedder-Policy of the pages that it frames, or meets that demand. @see HTML §7.1.4 */
export function hasEmbedderPolicy(headers: Headers): boolean {
  return /^(require-corp|credentialless)\b/i.test(headers.get('Cross-Origin-Embedder-Policy') ?? '')
}

function policiesOf(headers: Headers): string[] {
  return headers.get('Content-Security-Policy')?.split(',') ?? []
}

/** What one policy after the other says for the first of these directives that it has. */
function directives(policies: readonly string[], names: readonly string[]): Directive[] {
  return policies.flatMap(policy => {
    const known = new Map<string, Directive>()
    for (const directive of policy.split(';')) {
      const [name = '', ...sources] = directive.trim().split(/\s+/)
      const key = name.toLowerCase()
      // Of two, the first counts.
      if (!known.has(key)) known.set(key, { name: key, sources })
    }
    return known.get(names.find(one => known.has(one)) ?? '') ?? []
  })
}

/** Nonces are compared without their case, which is enough here. */
function isAllowed({ src, nonce }: PageScript, sources: readonly string[], url: string): boolean {
  if (nonce !== null && includes(sources, `'nonce-${nonce}'`)) return true
  if (sources.some(source => /^'sha\d+-/i.test(source))) return true
  const hasNonce = sources.some(source => /^'nonce-/i.test(source))
  const isStrict = includes(sources, "'strict-dynamic'")
  if (src === null) return includes(sources, "'unsafe-inline'") && !hasNonce && !isStrict
  if (isStrict) return false
  const origin = originOf(src, url)
  return origin === null || sources.some(source => matches(source, origin, new URL(url).origin))
}

/** Null for what has none, such as a `data:` URL. */
function originOf(src: string, url: string): string | null {
  try {
    const { origin } = new URL(src, url)
    return origin === 'null' ? null : origin
  } catch {
    return null
  }
}

function isNothing(sources: readonly string[]): boolean {
  return sources.every(source => source.toLowerCase() === "'none'")
}

function includes(sources: readonly string[], wanted: string): boolean {
  return sources.some(source => source.toLowerCase() === wanted.toLowerCase())
}

function asText({ name, sources }: Directive): string {
  return [name, ...sources.map(source => source.replace(/^'nonce-.*'$/i, "'nonce-…'"))].join(' ')
}

/** @param self the origin of the page that the policy is for */
function matches(source: string, origin: string, self: string): boolean {
  const wanted = source.toLowerCase()
  if (wanted === '*') return true
  if (wanted === "'self'") return origin === self
  const { protocol, hostname } = new URL(origin)
  if (/^[a-z][a-z\d+.-]*:$/.test(wanted)) return wanted === protocol
  const host = wanted.replace(/^[a-z][a-z\d+.-]*:\/\//, '').replace(/[:/].*$/, '')
  return host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : host === hostname
}
