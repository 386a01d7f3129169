/**
 * Joins the `Vary` of our answer with the one that the app has set.
 *
 * @param set what the app has set, if anything
 * @see RFC 9110 §12.5.5
 */
export function mergeVary(set: number | string | readonly string[] | undefined, ours: string): string {
  const names = [String(set ?? ''), ours].flatMap(list => list.split(',')).map(name => name.trim())
  if (names.includes('*')) return '*'
  const byName = new Map<string, string>()
  for (const name of names) {
    if (name !== '' && !byName.has(name.toLowerCase())) byName.set(name.toLowerCase(), name)
  }
  return [...byName.values()].join(', ')
}
