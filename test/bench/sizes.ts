import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'

/** What an app imports. */
const imports = {
  floor: `export * from './floor/floor.ts'`,
  'afresh: AuthProvider, createAuthClient, useSession': `export { AuthProvider, createAuthClient, useSession } from 'afresh'`,
  'afresh: everything': `export * from 'afresh'`,
  'afresh/callback': `export * from 'afresh/callback'`,
  'react-oidc-context: AuthProvider, hasAuthParams, useAuth': `export { AuthProvider, hasAuthParams, useAuth } from 'react-oidc-context'`,
  'react-oidc-context: everything': `export * from 'react-oidc-context'`,
}

export interface Size {
  readonly name: string
  /** Bytes, minified and gzipped, without React. */
  readonly atOnce: number
  /** Of chunks that load when something needs them. */
  readonly later: number
}

export async function measureSizes(): Promise<Size[]> {
  const sizes: Size[] = []
  for (const [name, code] of Object.entries(imports)) sizes.push({ name, ...(await measure(code)) })
  return sizes
}

async function measure(code: string): Promise<Omit<Size, 'name'>> {
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
  const chunks = output.filter(file => file.type === 'chunk')
  const atOnce = new Set<string>()
  const load = (fileName: string): void => {
    if (atOnce.has(fileName)) return
    atOnce.add(fileName)
    for (const next of chunks.find(chunk => chunk.fileName === fileName)?.imports ?? []) load(next)
  }
  for (const chunk of chunks) if (chunk.isEntry) load(chunk.fileName)
  const sum = (some: readonly Rolldown.OutputChunk[]): number =>
    some.reduce((total, chunk) => total + gzipSync(chunk.code, { level: 9 }).length, 0)
  return {
    atOnce: sum(chunks.filter(chunk => atOnce.has(chunk.fileName))),
    later: sum(chunks.filter(chunk => !atOnce.has(chunk.fileName))),
  }
}
