import { dirname, join } from 'node:path'
import { manifest, syntaxOf } from '../package/files.ts'

/** A name that an entry exports, and where it is declared. */
export interface ExportedName {
  readonly name: string
  readonly file: string
  readonly hasDocstring: boolean
}

/** `./server` → `src/server/index.ts`: the source of each entry that exports names. */
export function sourcesOfEntries(): [string, string][] {
  const {
    './package.json': _,
    './styles.css': __,
    './server/openapi.json': ___,
    './callback-page/*': ____,
    ...entries
  } = manifest.exports
  return Object.entries(entries).map(([name, { types }]) => [
    name,
    types.replace(/^\.\/dist\//, 'src/').replace(/\.d\.ts$/, '.ts'),
  ])
}

/** Every name that a file exports, followed to its declaration. @throws when a name leads to none */
export function exportsOf(file: string): ExportedName[] {
  return syntaxOf(file).program.body.flatMap(statement => {
    if (statement.type === 'ExportAllDeclaration') return exportsOf(fileAt(file, statement.source.value))
    if (statement.type !== 'ExportNamedDeclaration') return []
    const { declaration, specifiers, source } = statement
    if (!declaration) {
      const from = source ? fileAt(file, source.value) : file
      return specifiers.map(({ local }) => declarationOf(nameIn(local), from))
    }
    const declared = declaration.type === 'VariableDeclaration' ? declaration.declarations : [declaration]
    return declared.map(one => declarationOf(nameIn('id' in one ? one.id : null), file))
  })
}

/** Looks in the file, and where the file has the name from. */
function declarationOf(name: string, file: string): ExportedName {
  const { text, comments, program } = syntaxOf(file)
  const keywords = '(?:export |declare |abstract |async )*(?:class|const|function|interface|type|let)'
  const declaration = new RegExp(`^${keywords} ${name}\\b`, 'm').exec(text)
  if (declaration) {
    const before = comments.findLast(({ end }) => end <= declaration.index)
    const isDocstring =
      before?.value.startsWith('*') === true && text.slice(before.end, declaration.index).trim() === ''
    return { name, file, hasDocstring: isDocstring }
  }
  for (const statement of program.body) {
    if (statement.type !== 'ExportNamedDeclaration' && statement.type !== 'ImportDeclaration') continue
    for (const specifier of statement.specifiers) {
      const [own, foreign] =
        specifier.type === 'ExportSpecifier'
          ? [specifier.exported, specifier.local]
          : [specifier.local, 'imported' in specifier ? specifier.imported : null]
      if (statement.source && foreign && nameIn(own) === name)
        return declarationOf(nameIn(foreign), fileAt(file, statement.source.value))
    }
  }
  throw new Error(`${file} declares no ${name}`)
}

const fileAt = (importer: string, specifier: string): string => join(dirname(importer), specifier)

function nameIn(node: object | null): string {
  if (node && 'name' in node) return String(node.name)
  throw new Error(`No name in ${JSON.stringify(node)}`)
}
