import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { afterAll, describe, expect, it } from 'vitest'
import { filesIn, importsOf, manifest, packageOf, pathTo } from './files.ts'

interface Rule {
  /** All that may be in the bundle besides the entry itself. */
  readonly packages: readonly string[]
  /** Left out of the bundle, so of the size. */
  readonly external?: string
  /** Of the entry with all that it loads at once, minified and gzipped. 1 KB is 1024 bytes. */
  readonly kilobytes?: number
}

const { './package.json': _, ...entries } = manifest.exports

const rules: Record<keyof typeof entries, Rule> = {
  '.': { packages: ['zustand'], external: 'react', kilobytes: 18 },
  './callback': { packages: [], kilobytes: 1 },
  './providers': { packages: [] },
  './server': { packages: [], external: 'jose', kilobytes: 8 },
  './server/hono': { packages: [] },
}

async function bundle(entry: string, external: string | undefined): Promise<Bundle> {
  const modules: string[] = []
  const isExternal = new RegExp(external === undefined ? '^$' : `^${external}(/|$)`)
  const result = await build({
    configFile: false,
    root: pathTo('.'),
    logLevel: 'silent',
    plugins: [
      {
        name: 'list-modules',
        buildEnd() {
          modules.push(...[...this.getModuleIds()].filter(id => !isExternal.test(id)))
        },
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: pathTo(entry),
        preserveEntrySignatures: 'strict',
        external: isExternal,
      },
    },
  })
  const { output } = result as Rolldown.RolldownOutput
  return { modules, chunks: output.filter(file => file.type === 'chunk') }
}

interface Bundle {
  readonly modules: readonly string[]
  readonly chunks: readonly Rolldown.OutputChunk[]
}

/** The packages that were bundled; what is neither ours nor a package's, such as `node:fs`, goes by its own name. */
function packagesIn({ modules }: Bundle): string[] {
  const names = modules.flatMap(id => {
    const inPackage = id.split('/node_modules/').at(-1)
    if (inPackage !== undefined && inPackage !== id) return packageOf(inPackage)
    return id.startsWith(pathTo('dist/')) || id.startsWith('\0rolldown/') ? [] : id
  })
  return [...new Set(names)]
}

function sizes({ chunks }: Bundle): { atOnce: number; later: number } {
  const atOnce = new Set<string>()
  const load = (fileName: string): void => {
    const chunk = chunks.find(chunk => chunk.fileName === fileName)
    if (!chunk || atOnce.has(fileName)) return
    atOnce.add(fileName)
    for (const imported of chunk.imports) load(imported)
  }
  for (const chunk of chunks) if (chunk.isEntry) load(chunk.fileName)
  const sum = (some: readonly Rolldown.OutputChunk[]): number =>
    some.reduce((total, { code }) => total + gzipSync(code, { level: 9 }).length, 0)
  return {
    atOnce: sum(chunks.filter(chunk => atOnce.has(chunk.fileName))),
    later: sum(chunks.filter(chunk => !atOnce.has(chunk.fileName))),
  }
}

const table: Record<string, object> = {}
afterAll(() => console.table(table))

describe.each(Object.entries(rules))('%s', (name, { packages, external, kilobytes }) => {
  it('pulls in nothing it must not, and stays within its budget', async () => {
    const bundled = await bundle(entries[name as keyof typeof rules].default, external)
    const { atOnce, later } = sizes(bundled)
    const budget = kilobytes === undefined ? Number.POSITIVE_INFINITY : kilobytes * 1024
    table[name.replace('.', manifest.name)] = { bytes: atOnce, budget, later, without: external ?? '' }
    expect(packagesIn(bundled).filter(found => !packages.includes(found))).toEqual([])
    expect(atOnce).toBeGreaterThan(0)
    expect(atOnce).toBeLessThanOrEqual(budget)
  })
})

it('every export names its types first', () => {
  for (const [name, target] of Object.entries(entries)) {
    expect(Object.keys(target), name).toEqual(['types', 'default'])
  }
})

it('the callback page’s script is one file', () => {
  expect(importsOf('dist/callback/index.js')).toEqual([])
})

it('every package that a built file or its types name is one that npm installs with this one', () => {
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
  const files = filesIn('dist', '.js', '.d.ts')
  const foreign = files.flatMap(file => importsOf(file).filter(specifier => !specifier.startsWith('.')))
  expect([...new Set(foreign.map(packageOf))].filter(name => !declared.includes(name))).toEqual([])
})
