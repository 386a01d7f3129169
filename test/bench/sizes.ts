import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import manifest from '../../package.json' with { type: 'json' }

/** What an app may import. */
const imports: Readonly<Record<string, string>> = {
  floor: `export * from './floor/floor.ts'`,
  'afresh: AuthProvider, createAuthClient, useSession': `export { AuthProvider, createAuthClient, useSession } from 'afresh'`,
  'afresh: everything': `export * from 'afresh'`,
  // The entry without React, where this edition has it.
  ...('./client' in manifest.exports && { 'afresh/client: everything': `export * from 'afresh/client'` }),
  'afresh/callback': `export * from 'afresh/callback'`,
  'react-oidc-context: AuthProvider, hasAuthParams, useAuth': `export { AuthProvider, hasAuthParams, useAuth } from 'react-oidc-context'`,
  'react-oidc-context: everything': `export * from 'react-oidc-context'`,
}

/** A file that loads only when it is needed. */
export interface LazyChunk {
  readonly name: string
  /** Bytes, minified and gzipped. */
  readonly gzip: number
  readonly packages: readonly string[]
}

/** What one import costs. */
export interface Size {
  readonly name: string
  /** Bytes, minified and gzipped, without React. */
  readonly atOnce: number
  /** Of all lazy chunks together. */
  readonly later: number
  /** The dependencies that are counted in `atOnce`, as they are published. */
  readonly packages: readonly string[]
  readonly lazyChunks: readonly LazyChunk[]
}

/** Bundles each import as an app's production build would, with the dependencies that are installed here, unmodified. */
export async function measureSizes(): Promise<Size[]> {
  const sizes: Size[] = []
  for (const [name, code] of Object.entries(imports)) sizes.push(measure(name, await bundle(code)))
  return sizes
}

async function bundle(code: string): Promise<Rolldown.OutputChunk[]> {
  const root = fileURLToPath(new URL('apps/', import.meta.url))
  const entry = `${root}entry.js`
  const { output } = (await build({
    configFile: false,
    root,
    logLevel: 'silent',
    define: { __BENCH__: '{"issuer":"https://op.example","clientId":"bench"}' },
    plugins: [
      {
        name: 'entry',
        resolveId: id => (id === entry ? id : undefined),
        load: id => (id === entry ? code : undefined),
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { input: entry, preserveEntrySignatures: 'strict', external: /^react(-dom)?(\/|$)/ },
    },
  })) as Rolldown.RolldownOutput
  return output.filter(file => file.type === 'chunk')
}

function measure(name: string, chunks: readonly Rolldown.OutputChunk[]): Size {
  const atOnce = new Set<string>()
  const load = (fileName: string): void => {
    if (atOnce.has(fileName)) return
    atOnce.add(fileName)
    for (const next of chunks.find(chunk => chunk.fileName === fileName)?.imports ?? []) load(next)
  }
  for (const chunk of chunks) if (chunk.isEntry) load(chunk.fileName)
  const first = chunks.filter(chunk => atOnce.has(chunk.fileName))
  const lazy = chunks.filter(chunk => !atOnce.has(chunk.fileName))
  return {
    name,
    atOnce: gzipSize(first),
    later: gzipSize(lazy),
    packages: packagesOf(first),
    lazyChunks: lazy
      .map(chunk => ({ name: chunk.name, gzip: gzipSize([chunk]), packages: packagesOf([chunk]) }))
      .toSorted((a, b) => b.gzip - a.gzip),
  }
}

const gzipSize = (chunks: readonly Rolldown.OutputChunk[]): number =>
  chunks.reduce((total, chunk) => total + gzipSync(chunk.code, { level: 9 }).length, 0)

/** The packages from node_modules whose code the chunks hold. */
function packagesOf(chunks: readonly Rolldown.OutputChunk[]): string[] {
  const names = chunks.flatMap(chunk =>
    Object.entries(chunk.modules)
      .filter(([, { renderedLength }]) => renderedLength > 0)
      .map(([id]) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1]),
  )
  return [...new Set(names.filter(name => name !== undefined))].toSorted()
}
