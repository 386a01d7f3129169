import { eachNode, syntaxOf } from '../package/files.ts'

// What the source declares, read from its text: types leave nothing behind that could be asked when the tests run.

/** A part of a syntax tree, as far as it is looked into here. */
interface Node {
  readonly type?: string
  readonly id?: { readonly name?: string }
  readonly key?: { readonly name?: string; readonly value?: unknown }
  readonly body?: unknown
  readonly members?: readonly Node[]
  readonly types?: readonly Node[]
  readonly typeAnnotation?: Node
  readonly literal?: { readonly value?: unknown }
  readonly params?: readonly Node[]
  readonly properties?: readonly Node[]
}

function nodesIn(root: unknown, isWanted: (node: Node) => boolean): Node[] {
  const found: Node[] = []
  eachNode(root, node => {
    if (isWanted(node)) found.push(node)
  })
  return found
}

/** The interface, type, class, function or constant of this name. @throws where the file has none */
function declarationOf(file: string, name: string): Node {
  const [found] = nodesIn(
    syntaxOf(file).program,
    ({ type = '', id }) => id?.name === name && /Declarat/.test(type),
  )
  if (!found) throw new Error(`${file} declares no ${name}`)
  return found
}

const nameOf = ({ key }: Node): string => String(key?.name ?? key?.value)

/** The members that a type writes out itself: of an object type, or of those in a union or an intersection. */
function ownMembers(type: Node | undefined): readonly Node[] {
  if (!type) return []
  return [
    ...(type.members ?? []),
    ...(type.types ?? []).flatMap(ownMembers),
    ...(/Parenthesized|TSTypeAnnotation/.test(type.type ?? '') ? ownMembers(type.typeAnnotation) : []),
  ]
}

/** With the members of members, behind a dot. */
function namesOf(members: readonly Node[]): string[] {
  return members.flatMap(member => {
    const name = nameOf(member)
    return [name, ...namesOf(ownMembers(member.typeAnnotation)).map(inner => `${name}.${inner}`)]
  })
}

/** The members of an interface or a type, without those that it takes from others. */
export function membersOf(file: string, name: string): string[] {
  const declaration = declarationOf(file, name)
  const { body } = (declaration.body ?? {}) as { readonly body?: readonly Node[] }
  return namesOf(body ?? ownMembers(declaration.typeAnnotation))
}

/** The members of the first parameter of a function, such as the properties of a component. */
export function propertiesOf(file: string, name: string): string[] {
  return namesOf(ownMembers(declarationOf(file, name).params?.[0]?.typeAnnotation))
}

/** The texts that a type, or one member of it, can be. */
export function literalsOf(file: string, name: string, member?: string): string[] {
  const declaration = declarationOf(file, name)
  const places = member === undefined ? [declaration] : nodesIn(declaration, node => isOf(node, member))
  const literals = places.flatMap(place => nodesIn(place, ({ type }) => type === 'TSLiteralType'))
  return literals.map(({ literal }) => literal?.value).filter(value => typeof value === 'string')
}

const isOf = (node: Node, member: string): boolean =>
  node.key?.name === member && /^(TSPropertySignature|PropertyDefinition)$/.test(node.type ?? '')

/** The keys of an object that a constant is. */
export function keysOf(file: string, name: string): string[] {
  const [object] = nodesIn(declarationOf(file, name), ({ type }) => type === 'ObjectExpression')
  return (object?.properties ?? []).map(nameOf)
}

/** The object types of a file that have this member as a text: for each such text the names of the other members. */
export function variantsOf(file: string, member: string): Map<string, readonly string[]> {
  const types = nodesIn(syntaxOf(file).program, ({ type }) => type === 'TSTypeLiteral')
  return new Map(
    types.flatMap(type => {
      const members = type.members ?? []
      const tag = members.find(one => nameOf(one) === member)?.typeAnnotation?.typeAnnotation?.literal?.value
      const others = members.map(nameOf).filter(name => name !== member)
      return typeof tag === 'string' ? [[tag, others] as const] : []
    }),
  )
}
