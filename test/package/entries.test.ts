import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { afterAll, describe, expect, it } from 'vitest'
import { loadedBy, sizeOf } from './chunks.ts'
import { filesIn, importsOf, manifest, packageOf, pathTo } from './files.ts'

interface Rule {
  /** All that may be in the bundle besides the entry itself. */
  readonly packages: readonly string[]
  /** The packages that may also be in lazy chunks, for an option that is off by default. No size counts them. */
  readonly optional?: readonly string[]
  /** Left out of the bundle, so of the size. */
  readonly external?: string
  /** Of the entry with all that it loads at once, minified and gzipped. 1 KB is 1024 bytes. */
  readonly kilobytes?: number
  /** The same with every lazy chunk. */
  readonly allKilobytes?: number
  /** The chunks that are loaded when a feature is first used. */
  readonly features?: readonly string[]
}

const {
  './package.json': _,
  './styles.css': stylesheet,
  './server/openapi.json': openApi,
  './callback-page/*': callbackPages,
  ...entries
} = manifest.exports

const rules: Record<keyof typeof entries, Rule> = {
  // The figures serve people: nothing is contorted to stay below smaller ones.
  '.': {
    packages: ['zustand', 'oidc-client-ts', 'jwt-decode'],
    optional: ['jose'],
    external: 'react',
    kilobytes: 57,
    allKilobytes: 71,
    features: ['dpop', 'prompts-and-accounts', 'set-up', 'signature', 'step-up'],
  },
  './client': {
    packages: ['zustand', 'oidc-client-ts', 'jwt-decode'],
    optional: ['jose'],
    kilobytes: 56,
    features: ['dpop', 'set-up', 'signature', 'step-up'],
  },
  './callback': { packages: [], kilobytes: 1.1 },
  './messages': { packages: [] },
  './providers': { packages: [] },
  './server': { packages: [], external: 'jose', kilobytes: 25 },
  './server/access-token': { packages: [], external: 'jose', kilobytes: 14 },
  './server/hono': { packages: [] },
  './server/express': { packages: [] },
  './server/node': { packages: [] },
  './server/sql': { packages: [] },
  './server/fastify': { packages: [] },
  './server/next': { packages: [] },
  './server/redis': { packages: [] },
  './testing': {
    packages: ['zustand', 'oidc-client-ts', 'jwt-decode'],
    optional: ['jose'],
    external: 'react',
    kilobytes: 66,
    allKilobytes: 81,
    features: ['dpop', 'prompts-and-accounts', 'set-up', 'signature', 'step-up'],
  },
  './testing/client': {
    packages: ['zustand', 'oidc-client-ts', 'jwt-decode'],
    optional: ['jose'],
    kilobytes: 66,
    features: ['dpop', 'set-up', 'signature', 'step-up'],
  },
  './testing/msw': { packages: [], external: 'msw' },
  './testing/server': { packages: [], external: 'jose' },
  // The panel by itself is below. The rest is a bundler's own code for a chunk that is loaded later.
  './devtools': { packages: [], external: 'react', allKilobytes: 14, features: ['panel'] },
  './devtools/client': { packages: [], allKilobytes: 14, features: ['panel'] },
  './devtools/panel': { packages: [], kilobytes: 12 },
  './vite': { packages: [], external: 'node:[a-z]+' },
}

async function bundle(entry: string, external: string | undefined): Promise<Bundle> {
  const modules: string[] = []
  const names = Object.keys(await import(pathTo(entry)))
  const isExternal = new RegExp(external === undefined ? '^$' : `^${external}(/|$)`)
  const result = await build({
    configFile: false,
    root: pathTo('.'),
    logLevel: 'silent',
    plugins: [
      {
        // An app that uses all of it: what an app bundles is what people load.
        name: 'app',
        enforce: 'pre',
        resolveId: id => (id === 'app' ? '\0rolldown/app' : undefined),
        load: id =>
          id === '\0rolldown/app'
            ? `import { ${names} } from ${JSON.stringify(pathTo(entry))}; globalThis.used = [${names}]`
            : undefined,
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
        input: 'app',
        external: isExternal,
        // In one chunk with our own code, a package could not be told from it.
        output: { codeSplitting: { groups: [{ name: 'jose', test: /\/node_modules\/jose\// }] } },
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

/** The packages of modules; what is neither ours nor a package's, such as `node:fs`, goes by its own name. */
function packagesOf(modules: readonly string[]): string[] {
  const names = modules.flatMap(id => {
    const inPackage = id.split('/node_modules/').at(-1)
    if (inPackage !== undefined && inPackage !== id) return packageOf(inPackage)
    return id.startsWith(pathTo('dist/')) || /^\0(rolldown|vite)\//.test(id) ? [] : id
  })
  return [...new Set(names)]
}

/** Whether a chunk consists of these packages. */
function isOf(packages: readonly string[], { moduleIds }: Rolldown.OutputChunk): boolean {
  const names = packagesOf(moduleIds)
  return names.length > 0 && names.every(name => packages.includes(name))
}

const table: Record<string, object> = {}
afterAll(() => console.table(table))

describe.each(Object.entries(rules))('%s', (name, rule) => {
  const { packages, optional = [], features = [], external, kilobytes = 1024, allKilobytes = 1024 } = rule
  it('pulls in nothing it must not, and stays within its budget', async () => {
    const bundled = await bundle(entries[name as keyof typeof rules].default, external)
    const { atOnce, later } = loadedBy(chunk => chunk.isEntry, bundled.chunks)
    const counted = later.filter(chunk => !isOf(optional, chunk))
    const all = [...atOnce, ...counted]
    table[name.replace('.', manifest.name)] = {
      'bytes at once': sizeOf(atOnce),
      'bytes in all': sizeOf(all),
      'lazy chunks': counted.length,
      without: [external ?? [], optional].flat().join(', '),
    }
    const foreign = packagesOf(bundled.modules).filter(found => !packages.includes(found))
    expect(foreign.sort()).toEqual([...optional].sort())
    const early = packagesOf(atOnce.flatMap(({ moduleIds }) => moduleIds))
    expect(early.filter(found => !packages.includes(found))).toEqual([])
    expect(counted.map(chunk => chunk.name).sort()).toEqual(features)
    expect(sizeOf(atOnce)).toBeGreaterThan(0)
    expect(sizeOf(atOnce)).toBeLessThanOrEqual(kilobytes * 1024)
    expect(sizeOf(all)).toBeLessThanOrEqual(allKilobytes * 1024)
  })
})

it('every export names its types first', () => {
  for (const [name, target] of Object.entries(entries)) {
    expect(Object.keys(target), name).toEqual(['types', 'default'])
  }
})

it('the stylesheet is at most 2 KB', () => {
  expect(gzipSync(readFileSync(pathTo(stylesheet.default)), { level: 9 }).length).toBeLessThanOrEqual(2048)
})

it('the OpenAPI document is in the package as it was written', () => {
  const written = readFileSync(pathTo('src/server/openapi.json'), 'utf8')
  expect(readFileSync(pathTo(openApi), 'utf8')).toBe(written)
})

it('the callback page’s script is one file', () => {
  expect(importsOf('dist/callback/index.js')).toEqual([])
})

it.each(['callback', 'front-channel-logout'])(
  'the page %s.html has one script, a file beside it that imports nothing',
  name => {
    const html = readFileSync(pathTo(callbackPages.replace('*', `${name}.html`)), 'utf8')
    expect(html.match(/<script.*/g)).toEqual([`<script type="module" src="./${name}.js"></script>`])
    expect(html).not.toMatch(/ on\w+=|<style/)
    expect(importsOf(callbackPages.replace('*', `${name}.js`))).toEqual([])
  },
)

it('a built file says "use client" if a source of it does, and only then', () => {
  const says = (text: string): boolean => /^['"]use client['"]/.test(text)
  const textOf = (file: string): string => readFileSync(pathTo(file), 'utf8')
  // A file without a map has no code of its own.
  for (const map of filesIn('dist', '.js.map')) {
    const { sources } = JSON.parse(textOf(map)) as { readonly sources: readonly string[] }
    const own = sources.map(source => join(dirname(map), source)).filter(source => source.startsWith('src/'))
    expect(says(textOf(map.replace('.map', ''))), map).toBe(own.some(source => says(textOf(source))))
  }
})

it('every package that a built file or its types name is one that npm installs with this one', () => {
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
  const files = filesIn('dist', '.js', '.d.ts')
  const foreign = files.flatMap(file => importsOf(file).filter(specifier => !/^(\.|node:)/.test(specifier)))
  expect([...new Set(foreign.map(packageOf))].filter(name => !declared.includes(name))).toEqual([])
})
