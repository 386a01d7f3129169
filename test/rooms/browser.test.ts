import { expect, it } from 'vitest'
import { eachNode, filesIn, syntaxOf } from '../package/files.ts'

/** What the clients of one process share, or what only a page has. */
const ambient = new Set([
  ...['fetch', 'reportError', 'addEventListener', 'removeEventListener', 'dispatchEvent'],
  ...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date.now'],
  ...['AbortSignal.timeout', 'requestAnimationFrame', 'requestIdleCallback'],
  ...['window', 'document', 'location', 'navigator', 'history', 'screen', 'matchMedia', 'globalThis', 'self'],
  ...['localStorage', 'sessionStorage', 'BroadcastChannel', 'crossOriginIsolated', 'isSecureContext'],
])

/** Those that are the browser of a page, or look at the page before there is a client. */
const ofPages = [
  'op/page-browser',
  'op/popup',
  'op/windows',
  'op/misplaced-app',
  'client/client',
  'client/option-checks',
]

/** `src/op/x.ts: fetch`. A name that the file binds itself, as a parameter say, is not the platform's. */
function ambientIn(file: string): string[] {
  const bound = new Set<string>()
  const used = new Set<string>()
  eachNode(syntaxOf(file).program, (node, parent) => {
    const name = nameOf(node)
    if (name === undefined) return
    if (isBinding(node, parent)) bound.add(name)
    else if (!isMember(node, parent)) used.add(name)
    if (typeOf(parent) === 'MemberExpression' && at(parent, 'object') === node)
      used.add(`${name}.${nameOf(at(parent, 'property'))}`)
  })
  return [...used].filter(name => ambient.has(name) && !bound.has(name)).map(name => `${file}: ${name}`)
}

const at = (node: object, member: string): object => Object(Reflect.get(node, member))
const typeOf = (node: object): unknown => Reflect.get(node, 'type')
const nameOf = (node: object): string | undefined =>
  typeOf(node) === 'Identifier' ? String(Reflect.get(node, 'name')) : undefined

function isBinding(node: object, parent: object): boolean {
  if (typeOf(parent) === 'VariableDeclarator') return at(parent, 'id') === node
  if (typeOf(parent) === 'ImportSpecifier') return at(parent, 'local') === node
  // A member of an object that is taken apart, or of a list of parameters.
  const isShorthand = Reflect.get(parent, 'shorthand') === true && at(parent, 'value') === node
  return (
    isShorthand ||
    (Array.isArray(parent) && 'typeAnnotation' in node && Reflect.get(node, 'typeAnnotation') !== null)
  )
}

function isMember(node: object, parent: object): boolean {
  if (/^TS/.test(String(typeOf(parent)))) return true
  const key = typeOf(parent) === 'MemberExpression' ? 'property' : 'key'
  return at(parent, key) === node && Reflect.get(parent, 'computed') !== true
}

it('op and client reach their browser only through the one that they are given', () => {
  const files = ['op', 'client'].flatMap(room => filesIn(`src/${room}`, '.ts'))
  const others = files.filter(file => !ofPages.some(page => file === `src/${page}.ts`))
  expect(others.length).toBeGreaterThan(100)
  expect(others.flatMap(ambientIn)).toEqual([])
  // What it looks for is there where it may be.
  expect(ambientIn('src/op/page-browser.ts')).toContain('src/op/page-browser.ts: document')
})
