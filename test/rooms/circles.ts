import { dirname, join } from 'node:path'
import { filesIn, importsOf } from '../package/files.ts'

/** Each file → the files that it imports, types and `import()` included. */
export type Imports = ReadonlyMap<string, readonly string[]>

/** Files of `src` → the files of `src` that they import. @throws when one names a file that is not there */
export function importsOfSource(): Imports {
  const files = filesIn('src', '.ts', '.tsx')
  return new Map(
    files.map(file => {
      const relative = importsOf(file).filter(specifier => specifier.startsWith('.'))
      const targets = [...new Set(relative.map(specifier => join(dirname(file), specifier)))]
      const missing = targets.find(target => !files.includes(target))
      if (missing) throw new Error(`${file} imports ${missing}, which is not there`)
      return [file, targets]
    }),
  )
}

/**
 * The circles in which files import each other, as `a.ts → b.ts → a.ts`, sorted. Each file that is in a circle is in at
 * least one of them: its shortest.
 */
export function circlesIn(imports: Imports): string[] {
  const circles = [...imports.keys()].flatMap(file => {
    const circle = shortestCircle(imports, file)
    return circle ? [drawn(circle)] : []
  })
  return [...new Set(circles)].sort()
}

/** The file and those on the shortest way back to it, or undefined. */
function shortestCircle(imports: Imports, file: string): string[] | undefined {
  const paths = [[file]]
  const seen = new Set<string>()
  for (const path of paths) {
    for (const target of imports.get(path.at(-1) ?? file) ?? []) {
      if (target === file) return path
      if (seen.has(target)) continue
      seen.add(target)
      paths.push([...path, target])
    }
  }
  return undefined
}

/** Begins with the first file of the alphabet, so that a circle is drawn the same from wherever it was found. */
function drawn(path: readonly string[]): string {
  const first = path.indexOf([...path].sort()[0] ?? '')
  const [start, ...others] = [...path.slice(first), ...path.slice(0, first)]
  return [start, ...others, start].join(' → ')
}
