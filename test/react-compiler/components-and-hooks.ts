import { syntaxOf } from '../package/files.ts'

/** A function that React calls: a component or a hook. */
export interface ReactFunction {
  readonly name: string
  /** Where it begins, as an offset in the source. */
  readonly start: number
}

interface Seen extends ReactFunction {
  usesReact: boolean
}

const functionTypes = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']

/**
 * The components and hooks of a file, those inside other functions too: what calls a hook, and what has the name of a
 * component and JSX in it. A component that returns null alone is none: there is nothing to compile.
 */
export function componentsAndHooksOf(file: string): ReactFunction[] {
  const found: Seen[] = []
  const look = (node: unknown, parent: object, around: Seen | null): void => {
    if (typeof node !== 'object' || node === null) return
    let within = around
    if (isNode(node) && functionTypes.includes(node.type)) {
      within = { name: nameIn(node) ?? nameIn(parent) ?? '', start: node.start, usesReact: false }
      found.push(within)
    }
    if (within && (callsHook(node) || (hasJsx(node) && /^[A-Z]/.test(within.name)))) within.usesReact = true
    for (const child of Object.values(node)) look(child, node, within)
  }
  look(syntaxOf(file).program, {}, null)
  return found.filter(({ usesReact }) => usesReact)
}

function callsHook(node: object): boolean {
  if (!isNode(node) || node.type !== 'CallExpression' || !('callee' in node)) return false
  return /^use[A-Z]/.test(nameOf(node.callee) ?? '')
}

function hasJsx(node: object): boolean {
  return isNode(node) && (node.type === 'JSXElement' || node.type === 'JSXFragment')
}

function nameIn(node: object): string | undefined {
  return 'id' in node ? nameOf(node.id) : undefined
}

function nameOf(node: unknown): string | undefined {
  return typeof node === 'object' && node !== null && 'name' in node ? String(node.name) : undefined
}

function isNode(node: object): node is { type: string; start: number } {
  return 'type' in node && 'start' in node
}
