import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build, type Plugin, type Rolldown } from 'vite'
import { defineConfig } from 'vitest/config'
import manifest from './package.json' with { type: 'json' }
import { pageHtml } from './src/callback/page-html.ts'
import { reactCompiler } from './test/react-compiler/plugin.ts'

/** What the package exports → its source. One built file each; what they share goes to chunks. */
const clientEntries = { 'afresh/client': 'client/index', afresh: 'index' }
const smallEntries = {
  'afresh/callback': 'callback/index',
  'afresh/messages': 'react/languages',
  'afresh/providers': 'providers/index',
  'afresh/testing/msw': 'testing/msw',
}
/** They sit on top of the client, and no app loads them for the people who use it. */
const developerEntries = {
  'afresh/testing': 'testing/index',
  'afresh/testing/client': 'testing/client',
  'afresh/devtools': 'devtools/index',
  'afresh/devtools/client': 'devtools/client',
  'afresh/devtools/panel': 'devtools/panel',
}
const serverEntries = {
  'afresh/server': 'server/index',
  'afresh/server/access-token': 'server/access-token',
  'afresh/server/express': 'server/express',
  'afresh/server/hono': 'server/hono',
  'afresh/server/node': 'server/node',
  'afresh/server/sql': 'server/sql',
  'afresh/server/fastify': 'server/fastify',
  'afresh/server/next': 'server/next',
  'afresh/server/redis': 'server/redis',
  'afresh/testing/server': 'testing/server',
  'afresh/vite': 'vite/index',
}
const entries = { ...clientEntries, ...smallEntries, ...developerEntries, ...serverEntries }
const sourceOf = (entry: string): string => fileURLToPath(new URL(`src/${entry}.ts`, import.meta.url))
/** What a page runs, the browsers of `browserslist` run as it is. */
const browsers = manifest.browserslist.map(browser => browser.replace(' >= ', ''))
const packages = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })

/** The two halves share no file, or the server's would pull in the browser's. */
const built = (mode: string): string[] =>
  mode === 'server'
    ? [...Object.values(serverEntries), 'doctor/cli']
    : Object.values({ ...clientEntries, ...smallEntries, ...developerEntries })

/** Unit tests import the package by its name and get the source. */
const resolve = {
  alias: [
    ...Object.entries(entries).map(([name, entry]) => ({
      find: new RegExp(`^${name}$`),
      replacement: sourceOf(entry),
    })),
    {
      find: /^afresh\/styles\.css$/,
      replacement: fileURLToPath(new URL('src/react/styles.css', import.meta.url)),
    },
  ],
}

const stylesheet: Plugin = {
  name: 'stylesheet',
  generateBundle(_, bundle) {
    if (!('index.js' in bundle)) return
    const source = readFileSync(new URL('src/react/styles.css', import.meta.url), 'utf8')
    this.emitFile({ type: 'asset', fileName: 'styles.css', source })
    // TypeScript wants to know what an import of it brings.
    this.emitFile({ type: 'asset', fileName: 'styles.d.ts', source: 'export {}\n' })
  },
}

const openApi: Plugin = {
  name: 'openapi',
  generateBundle(_, bundle) {
    if (!('server/index.js' in bundle)) return
    const source = readFileSync(new URL('src/server/openapi.json', import.meta.url), 'utf8')
    this.emitFile({ type: 'asset', fileName: 'server/openapi.json', source })
  },
}

/** Pages to copy, each with a script of its own that imports nothing. */
const callbackPages: Plugin = {
  name: 'callback-pages',
  async generateBundle(_, bundle) {
    if (!('callback/index.js' in bundle)) return
    for (const name of ['callback', 'front-channel-logout']) {
      const html = pageHtml({ script: `./${name}.js`, ...(name === 'callback' && { home: '/' }) })
      const files = { html, js: await inOneFile(`callback/${name}-page`) }
      for (const [ending, source] of Object.entries(files))
        this.emitFile({ type: 'asset', fileName: `callback-page/${name}.${ending}`, source })
    }
  },
}

async function inOneFile(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: browsers,
      // A library's own format would leave its white space.
      minify: 'oxc',
      modulePreload: { polyfill: false },
      rolldownOptions: { input: sourceOf(entry), output: { codeSplitting: false } },
    },
  })
  const { output } = built as Rolldown.RolldownOutput
  return output[0].code
}

/** The modules that these entries load at once. */
function loadedBy(entries: readonly string[], context: Rolldown.ChunkingContext): Set<string> {
  const found = new Set(entries.map(sourceOf))
  for (const id of found) for (const next of context.getModuleInfo(id)?.importedIds ?? []) found.add(next)
  return found
}

/** What must not pull in the client either: the devtools see it from outside. */
const devtools = ['devtools/index', 'devtools/panel']

/**
 * What is loaded at once goes into four chunks. In the many small ones that the features would make of it, the same
 * code is an eighth larger. `shared`: what a small entry needs too, which must not pull in the client. `provider`: what
 * the devtools need of React. `react`: only these two say `'use client'`.
 */
const startChunk: Rolldown.CodeSplittingNameFunction = (id, context) => {
  const entries = Object.values(clientEntries)
  if (entries.map(sourceOf).includes(id) || !loadedBy(entries, context).has(id)) return null
  const isReact = id.includes('/src/react/')
  if (loadedBy([...Object.values(smallEntries), ...devtools], context).has(id))
    return isReact ? 'provider' : 'shared'
  return isReact ? 'react' : 'client'
}

/** A group takes its modules with all that they import, so what is imported comes first. */
const startChunks = ['shared', 'client', 'provider', 'react'].map((name, index) => ({
  name: (id: string, context: Rolldown.ChunkingContext) => (startChunk(id, context) === name ? name : null),
  debugName: name,
  priority: 4 - index,
}))

/** A chunk says `'use client'` when one of its modules does: the directive of a module would be lost. */
const useClient = ({ moduleIds }: Rolldown.RenderedChunk): string => {
  const ours = moduleIds.filter(id => /\/src\/(react|devtools|testing)\//.test(id))
  return ours.some(id => readFileSync(id, 'utf8').startsWith(`'use client'`)) ? `'use client'` : ''
}

export default defineConfig(({ mode }) => ({
  plugins: [stylesheet, openApi, callbackPages],
  build: {
    target: mode === 'server' ? 'es2022' : browsers,
    // The app's bundler minifies; what we publish can be read.
    minify: false,
    sourcemap: true,
    // `npm run build` empties it; `npm start` builds the scripts only and leaves the declarations.
    emptyOutDir: false,
    lib: {
      entry: Object.fromEntries(built(mode).map(entry => [entry, sourceOf(entry)])),
      formats: ['es'],
    },
    rolldownOptions: {
      // It warns that a directive may be lost: `useClient` keeps it.
      checks: { moduleLevelDirective: false },
      // Not `node:` either: Vite would put an empty module in its place.
      external: [/^node:/, ...packages.map(name => new RegExp(`^${name}(/|$)`))],
      output:
        mode === 'server'
          ? { chunkFileNames: 'server/chunks/[name].js' }
          : {
              chunkFileNames: 'chunks/[name].js',
              banner: useClient,
              codeSplitting: {
                groups: startChunks,
              },
            },
    },
  },
  test: {
    // By itself, Vitest leaves one core of the machine idle.
    maxWorkers: '100%',
    projects: [
      {
        resolve,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/client/**',
            'test/react/**',
            'test/package/**',
            'test/load/**',
            'test/runtimes/**',
            'test/examples/**',
            'test/vite/**',
          ],
        },
      },
      {
        resolve,
        test: {
          name: 'client',
          include: ['test/client/**/*.test.ts'],
        },
      },
      {
        resolve,
        test: {
          name: 'react',
          include: ['test/react/**/*.test.{ts,tsx}', 'test/devtools/**/*.test.tsx'],
          environment: 'jsdom',
          setupFiles: 'test/setup/parts.ts',
        },
      },
      // Each file says which DOM it runs in.
      {
        resolve,
        test: {
          name: 'testing',
          include: ['test/testing/**/*.test.tsx', 'test/docs/**/*.test.tsx'],
          setupFiles: 'test/setup/parts.ts',
        },
      },
      {
        // The same tests, for apps that use React Compiler.
        resolve,
        plugins: [reactCompiler],
        test: {
          name: 'react-compiled',
          include: ['test/react/**/*.test.tsx', 'test/react-compiler/**/*.test.tsx'],
          environment: 'jsdom',
          setupFiles: 'test/setup/parts.ts',
        },
      },
      {
        // On dist, so without aliases.
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          globalSetup: 'test/setup/pack.ts',
          testTimeout: 120_000,
        },
      },
      // One storm at a time: each takes the whole machine.
      { test: { name: 'load', include: ['test/load/**/*.test.ts'], fileParallelism: false } },
      // On dist as well.
      { test: { name: 'vite', include: ['test/vite/**/*.test.ts'], testTimeout: 30_000 } },
      { test: { name: 'runtimes', include: ['test/runtimes/**/*.test.ts'], testTimeout: 30_000 } },
      // Next is built first.
      { test: { name: 'examples', include: ['test/examples/**/*.test.ts'], testTimeout: 180_000 } },
    ],
  },
}))
