/** A node of a syntax tree (ESTree). */
interface Node {
  readonly type: string
  readonly [part: string]: unknown
}

/** One call of `createAuthClient`. */
export interface FoundClient {
  /** Of `callbackUrl`: its text, null when it is left out, undefined when it can be known only when the app runs. */
  readonly callbackUrl: string | null | undefined
  /** Where the call begins in the module's text. */
  readonly position: number
}

/** What a module may import `createAuthClient` from. */
const sources = ['afresh', 'afresh/client']
const factory = 'createAuthClient'

/**
 * The clients that a module makes, where it imports `createAuthClient` from this package by its name or as part of a
 * namespace. One that reaches it in another way is *not* found.
 *
 * @param program the syntax tree of a module
 * @param base what `import.meta.env.BASE_URL` stands for
 */
export function findClients(program: object, base: string): FoundClient[] {
  const names = namesIn(program as Node)
  const found: FoundClient[] = []
  if (names.length === 0) return found
  eachNode(program, node => {
    if (node.type !== 'CallExpression' || !names.includes(nameOf(node.callee))) return
    const [options] = node.arguments as readonly (Node | undefined)[]
    found.push({ callbackUrl: callbackUrlIn(options, base), position: Number(node.start) })
  })
  return found
}

/** The names by which the module calls it, such as `createAuthClient` or `afresh.createAuthClient`. */
function namesIn({ body }: Node): string[] {
  const imports = (body as readonly Node[]).filter(({ type }) => type === 'ImportDeclaration')
  return imports.flatMap(({ source, specifiers }) => {
    if (!sources.includes(String((source as Node).value))) return []
    return (specifiers as readonly Node[]).flatMap(({ type, local, imported }) => {
      if (type === 'ImportNamespaceSpecifier') return `${nameOf(local)}.${factory}`
      return imported !== undefined && nameOf(imported) === factory ? nameOf(local) : []
    })
  })
}

/** `a`, `a.b`, and the text of `'a'`; otherwise nothing. */
function nameOf(node: unknown): string {
  if (!isNode(node)) return ''
  if (node.type === 'Identifier') return String(node.name)
  if (node.type === 'MemberExpression' && node.computed !== true)
    return `${nameOf(node.object)}.${nameOf(node.property)}`
  return node.type === 'Literal' ? String(node.value) : ''
}

function callbackUrlIn(options: Node | undefined, base: string): FoundClient['callbackUrl'] {
  if (options?.type !== 'ObjectExpression') return undefined
  // What is written last counts, and anything may be in what is spread or named by an expression.
  for (const property of (options.properties as readonly Node[]).toReversed()) {
    if (property.type !== 'Property' || property.computed === true) return undefined
    if (nameOf(property.key) === 'callbackUrl') return textOf(property.value, base) ?? undefined
  }
  return null
}

/** Text that is known before the app runs: literals, joined ones, and Vite's `import.meta.env.BASE_URL`. */
function textOf(node: unknown, base: string): string | null {
  if (!isNode(node)) return null
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? node.value : null
    case 'TemplateElement':
      return (node.value as { readonly cooked: string }).cooked
    case 'TemplateLiteral': {
      const parts = [node.quasis, node.expressions].flat() as Node[]
      parts.sort((one, other) => Number(one.start) - Number(other.start))
      return joined(parts.map(part => textOf(part, base)))
    }
    case 'BinaryExpression':
      return node.operator === '+' ? joined([textOf(node.left, base), textOf(node.right, base)]) : null
    case 'MemberExpression':
      return isBaseUrl(node) ? base : null
    default:
      return null
  }
}

const joined = (parts: readonly (string | null)[]): string | null =>
  parts.includes(null) ? null : parts.join('')

/** `import.meta.env.BASE_URL` */
function isBaseUrl({ object, property }: Node): boolean {
  if (nameOf(property) !== 'BASE_URL' || !isNode(object) || object.type !== 'MemberExpression') return false
  return nameOf(object.property) === 'env' && isNode(object.object) && object.object.type === 'MetaProperty'
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function eachNode(value: unknown, visit: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return
  if (isNode(value)) visit(value)
  for (const child of Object.values(value)) eachNode(child, visit)
}
