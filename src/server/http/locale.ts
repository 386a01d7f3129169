/**
 * The language that a person wants most, as a BCP 47 tag in its canonical form: the first that can be read of
 * `uiLocales`, else of the request's `Accept-Language`; undefined where there is none. It comes from outside, so it may
 * be any language.
 *
 * @param uiLocales tags with spaces between them, most wanted first (OpenID Connect Core 1.0 §3.1.2.1)
 * @see RFC 9110 §12.5.4
 */
export function localeOf(uiLocales: string | undefined, request: Request): string | undefined {
  const wanted = [...(uiLocales?.split(' ') ?? []), ...acceptedLanguages(request)]
  for (const tag of wanted) {
    const locale = canonical(tag)
    if (locale !== undefined) return locale
  }
  return undefined
}

/** Most wanted first. A weight of zero means that the language is not wanted. */
function acceptedLanguages({ headers }: Request): string[] {
  const ranges = (headers.get('Accept-Language') ?? '').split(',').map(range => {
    const [tag = '', weight] = range.split(';').map(part => part.trim())
    const quality = weight === undefined ? 1 : Number(/^q=([\d.]+)$/i.exec(weight)?.[1] ?? 0)
    return { tag, quality }
  })
  return ranges
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag)
}

function canonical(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    // A tag that is none, such as `*`.
    return undefined
  }
}
