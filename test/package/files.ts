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
  eachNode(syntaxOf(file).program, node => {
    if ('source' in node && isText(node.source)) found.push(node.source.value)
  })
  return found
}

/** The file's text, its syntax tree and its comments. @throws when it does not parse */
export function syntaxOf(file: string): Syntax {
  const text = readFileSync(pathTo(file), 'utf8')
  const { program, comments, errors } = parseSync(file, text)
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`)
  return { text, program, comments }
}

export interface Syntax extends Pick<ReturnType<typeof parseSync>, 'program' | 'comments'> {
  readonly text: string
}

/** Visits everything in a syntax tree, each part before what is in it. */
export function eachNode(
  node: unknown,
  visit: (node: object, parent: object) => void,
  parent: object = {},
): void {
  if (typeof node !== 'object' || node === null) return
  visit(node, parent)
  for (const child of Object.values(node)) eachNode(child, visit, node)
}

function isText(node: unknown): node is { value: string } {
  return typeof node === 'object' && node !== null && 'value' in node && typeof node.value === 'string'
}

/** `@scope/name/sub/path` → `@scope/name` */
export function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
