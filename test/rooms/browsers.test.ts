import { expect, it } from 'vitest'
import { eachNode, filesIn, manifest, syntaxOf } from '../package/files.ts'
import { youngApis } from '../support/young-apis.ts'

/** `chrome >= 109` → 109 */
const baseline = manifest.browserslist.map(browser => Number(browser.split(' >= ')[1]))

it('the list of what the oldest browsers lack has nothing that they all have', () => {
  const had = youngApis.filter(([, ...firsts]) => firsts.every((first, i) => first <= (baseline[i] ?? 0)))
  expect(had).toEqual([])
})

/** Other things have members of these names as well. */
const ambiguous = ['with', 'size', 'bytes', 'difference', 'union', 'intersection']

/** `URL.canParse` of an expression, `#toSorted` where the name alone tells. */
function youngIn(file: string): string[] {
  const found: string[] = []
  eachNode(syntaxOf(file).program, node => {
    if (!('type' in node) || node.type !== 'MemberExpression') return
    const [owner, name] = [nameAt(node, 'object'), nameAt(node, 'property')]
    for (const [api] of youngApis) {
      const isUsed = api.includes('#')
        ? api.endsWith(`#${name}`) && !ambiguous.includes(name)
        : api === `${owner}.${name}`
      if (isUsed) found.push(`${file}: ${api}`)
    }
  })
  return found
}

function nameAt(node: object, member: string): string {
  const child: unknown = Reflect.get(node, member)
  return typeof child === 'object' && child !== null && 'name' in child ? String(child.name) : ''
}

const dependencies = [
  'oidc-client-ts/dist/esm',
  'jwt-decode/build/esm',
  'zustand/esm/vanilla.mjs',
  'zustand/esm/react.mjs',
  'jose/dist/webapi',
].map(path => `node_modules/${path}`)
const scripts = (path: string): string[] => (/\.m?js$/.test(path) ? [path] : filesIn(path, '.js', '.mjs'))

it('the oldest browsers have all that a page of ours uses', () => {
  const rooms = ['core', 'op', 'client', 'react', 'callback', 'providers', 'devtools']
  const files = rooms.flatMap(room => filesIn(`src/${room}`, '.ts', '.tsx'))
  expect(files.length).toBeGreaterThan(100)
  // The devtools ask whether it is there.
  expect(new Set(files.flatMap(youngIn))).toEqual(new Set(['src/devtools/host.ts: HTMLElement#showPopover']))
})

/** jose asks whether they are there. */
const askedFor = 'node_modules/jose/dist/webapi/lib/buffer_utils.js'

it.each(dependencies)('they have all that %s uses', path => {
  const files = scripts(path)
  expect(files).not.toEqual([])
  expect(files.filter(file => file !== askedFor).flatMap(youngIn)).toEqual([])
})
