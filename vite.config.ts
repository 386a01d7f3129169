import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin, Rolldown } from 'vite'
import { defineConfig } from 'vitest/config'
import manifest from './package.json' with { type: 'json' }

/** What the package exports → its source. One built file each; what they share goes to chunks. */
const browserEntries = {
  afresh: 'index',
  'afresh/callback': 'callback/index',
  'afresh/messages': 'react/languages',
  'afresh/providers': 'providers/index',
}
const serverEntries = {
  'afresh/server': 'server/index',
  'afresh/server/access-token': 'server/access-token',
  'afresh/server/express': 'server/express',
  'afresh/server/hono': 'server/hono',
  'afresh/server/node': 'server/node',
  'afresh/server/redis': 'server/redis',
}
const entries = { ...browserEntries, ...serverEntries }
const sourceOf = (entry: string): string => fileURLToPath(new URL(`src/${entry}.ts`, import.meta.url))
const packages = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })

/** The two halves share no file, or the server's would pull in the browser's. */
const built = (mode: string): string[] =>
  mode === 'server' ? [...Object.values(serverEntries), 'doctor/cli'] : Object.values(browserEntries)

/** Unit tests import the package by its name and get the source. */
const resolve = {
  alias: Object.entries(entries).map(([name, entry]) => ({
    find: new RegExp(`^${name}$`),
    replacement: sourceOf(entry),
  })),
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

/**
 * One chunk of all that `afresh` loads at once: in the many small ones that its lazy parts would make of it, the same
 * code is an eighth larger. What another entry needs too is apart, so that it does not pull in the rest.
 */
const start: Rolldown.CodeSplittingNameFunction = (id, context) => {
  const closure = (entry: string, found = new Set<string>()): Set<string> => {
    for (const imported of context.getModuleInfo(entry)?.importedIds ?? []) {
      if (found.has(imported)) continue
      found.add(imported)
      closure(imported, found)
    }
    return found
  }
  const [own, ...others] = Object.values(browserEntries).map(entry => closure(sourceOf(entry)))
  if (!own?.has(id)) return null
  return others.some(other => other.has(id)) ? 'shared' : 'start'
}

export default defineConfig(({ mode }) => ({
  plugins: [stylesheet],
  build: {
    target: 'es2022',
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
      // Not `node:` either: Vite would put an empty module in its place.
      external: [/^node:/, ...packages.map(name => new RegExp(`^${name}(/|$)`))],
      output:
        mode === 'server'
          ? { chunkFileNames: 'server/chunks/[name].js' }
          : {
              chunkFileNames: 'chunks/[name].js',
              codeSplitting: { groups: [{ name: start, debugName: 'start' }] },
            },
    },
  },
  test: {
    projects: [
      {
        resolve,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/react/**', 'test/package/**', 'test/load/**', 'test/runtimes/**'],
        },
      },
      {
        resolve,
        test: { name: 'react', include: ['test/react/**/*.test.{ts,tsx}'], environment: 'jsdom' },
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
      { test: { name: 'load', include: ['test/load/**/*.test.ts'] } },
      // On dist as well.
      { test: { name: 'runtimes', include: ['test/runtimes/**/*.test.ts'], testTimeout: 30_000 } },
    ],
  },
}))
