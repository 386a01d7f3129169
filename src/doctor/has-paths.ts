import type { Metadata } from './report.ts'

/** Whether each of these members of a discovery document is a URL that ends so. */
export function hasPaths(metadata: Metadata, members: Readonly<Record<string, RegExp>>): boolean {
  return Object.entries(members).every(([member, path]) => path.test(String(metadata[member])))
}
