import { eachNode, syntaxOf } from '../package/files.ts'

export interface FunctionSize {
  readonly name: string
  readonly file: string
  readonly lines: number
}

const functionTypes = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']

/** Every function of a file, those inside others too, with the lines from its first to its last. */
export function functionsOf(file: string): FunctionSize[] {
  const found: FunctionSize[] = []
  const { text, program } = syntaxOf(file)
  eachNode(program, (node, parent) => {
    if (!isSpan(node) || !functionTypes.includes(node.type)) return
    const lines = text.slice(node.start, node.end).split('\n').length
    found.push({ name: nameIn(node) ?? nameIn(parent) ?? 'a function without a name', file, lines })
  })
  return found
}

/** What the function, its variable, its property or its method is called. */
function nameIn(node: object): string | undefined {
  const named = 'id' in node ? node.id : 'key' in node ? node.key : undefined
  return typeof named === 'object' && named !== null && 'name' in named ? String(named.name) : undefined
}

function isSpan(node: object): node is { type: string; start: number; end: number } {
  return 'type' in node && 'start' in node && 'end' in node
}
