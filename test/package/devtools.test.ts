import { build, type Rolldown } from 'vite'
import { describe, expect, it } from 'vitest'
import { sizeOf } from './chunks.ts'
import { manifest, pathTo } from './files.ts'

const { './devtools': react, './devtools/client': client, './devtools/panel': panel } = manifest.exports

/** An app with the devtools, as its bundler makes it for `NODE_ENV`. @param use an expression of the entry's names */
async function bundle(
  entry: { readonly default: string },
  use: string,
  environment: 'production' | 'development',
): Promise<Rolldown.OutputChunk[]> {
  const result = await build({
    configFile: false,
    root: pathTo('.'),
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': JSON.stringify(environment) },
    plugins: [
      {
        name: 'app',
        enforce: 'pre',
        resolveId: id => (id === 'app' ? '\0rolldown/app' : undefined),
        load: id =>
          id === '\0rolldown/app'
            ? `import * as devtools from ${JSON.stringify(pathTo(entry.default))}; globalThis.used = ${use}`
            : undefined,
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { input: 'app', external: /^react(\/|$)/ },
    },
  })
  const { output } = result as Rolldown.RolldownOutput
  return output.filter(file => file.type === 'chunk')
}

const namesOf = (chunks: readonly Rolldown.OutputChunk[]): string[] => chunks.map(({ name }) => name).sort()

const load = `() => import(${JSON.stringify(pathTo(panel.default))})`

describe.each([
  ['AuthDevtools', react],
  ['showDevtools', client],
])('%s', (name, entry) => {
  it('leaves nothing of the panel in an app’s production bundle', async () => {
    const chunks = await bundle(entry, `devtools.${name}`, 'production')
    expect(namesOf(chunks)).toEqual(['app'])
    expect(chunks[0]?.code).not.toContain('afresh-devtools')
  })

  it('has the panel in a chunk of its own where the app gives it, and in development', async () => {
    for (const chunks of [
      await bundle(entry, `[devtools.${name}, ${load}]`, 'production'),
      await bundle(entry, `devtools.${name}`, 'development'),
    ])
      expect(namesOf(chunks)).toEqual(['app', 'panel'])
  })
})

it('the panel is at most 12 KB', async () => {
  const chunks = await bundle(client, `[devtools.showDevtools, ${load}]`, 'production')
  const own = chunks.filter(({ name }) => name === 'panel')
  expect(sizeOf(own)).toBeGreaterThan(0)
  expect(sizeOf(own)).toBeLessThanOrEqual(12 * 1024)
})
