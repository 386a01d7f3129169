/**
 * The URL that `text` is, or null when it is none. It stands in for `URL.canParse`, which Chrome has since 120 and Safari
 * since 17.
 */
export function parseUrl(text: string, base?: string): URL | null {
  try {
    return new URL(text, base)
  } catch {
    return null
  }
}
