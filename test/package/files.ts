import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'
import manifest from '../../package.json' with { type: 'json' }

export { manifest }

/** A path of this repository. */
export function pathTo(relative: string): string {
  return fileURLToPath(new URL(`../../${relative}`, import.meta.url))
}

/** Every file below a folder of this repository that has one of the endings, as paths of the repository. */
export function filesIn(folder: string, ...endings: string[]): string[] {
  const names = readdirSync(pathTo(folder), { recursive: true, encoding: 'utf8' })
  return names.filter(name => endings.some(ending => name.endsWith(ending))).map(name => join(folder, name))
}

/** Every module that a file names: imports, re-exports, `import()` and `import('…')` in types. */
export function importsOf(file: string): string[] {
  const found: string[] = []
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if ('source' in node && isText(node.source)) found.push(node.source.value)
    for (const child of Object.values(node)) walk(child)
  }
  const { program, errors } = parseSync(file, readFileSync(pathTo(file), 'utf8'))
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`)
  walk(program)
  return found
}

function isText(node: unknown): node is { value: string } {
  return typeof node === 'object' && node !== null && 'value' in node && typeof node.value === 'string'
}

/** `@scope/name/sub/path` → `@scope/name` */
export function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
