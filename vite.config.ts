import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Plugin, parseSync, type Rolldown } from 'vite'
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

// What this package never calls. Bundlers leave out a function that nobody uses, but never a method.
const unusedMethods = [
  ...['processResourceOwnerPasswordCredentials', 'exchangeCredentials', 'validateCredentialsResponse'],
  ...['generateSignedJwt', 'generateSignedJwtWithHmac', 'generateClientAssertionJwt', 'generateBasicAuth'],
  ...['getSigningKeys', 'resetSigningKeys', 'getKeysEndpoint', 'getCheckSessionIframe', 'getIssuer'],
  ...['getUserInfoEndpoint', 'getClaims', 'mergeClaims'],
  ...[
    'createSignoutRequest',
    'readSignoutResponseState',
    'processSignoutResponse',
    'validateSignoutResponse',
  ],
  ...['processSigninResponse', 'readSigninResponseState', 'exchangeCode', 'validateSigninResponse'],
  ...['_processSigninState', '_processCode', '_processClaims', '_validateIdTokenAttributes'],
  ...['filterProtocolClaims', 'postForm'],
  ...['useRefreshToken', 'exchangeRefreshToken', 'validateRefreshResponse', 'revokeToken', 'revoke'],
  ...[
    'getDpopProof',
    'generateDPoPProof',
    'generateDPoPKeys',
    'generateDPoPJkt',
    'customCalculateJwkThumbprint',
  ],
]

/**
 * Bundles `oidc-client-ts` without its log statements, which print tokens for whoever turns logging on, and without the
 * methods above: 3.4 KB gzip of 10.3. Fails the build when one of them is gone, so that nobody updates it unread.
 */
const leanOidcClient: Plugin = {
  name: 'lean-oidc-client',
  apply: 'build',
  transform(code, id) {
    if (!id.includes('/oidc-client-ts/dist/')) return null
    const edits: { start: number; end: number; text: string }[] = []
    const missing = new Set(unusedMethods)
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return
      const edit = 'type' in node ? editOf(node as SyntaxNode, code, missing) : undefined
      if (edit === undefined) Object.values(node).forEach(visit)
      else edits.push({ ...(node as SyntaxNode), text: edit })
    }
    visit(parseSync(id, code).program)
    if (missing.size > 0)
      throw new Error(`oidc-client-ts has no ${[...missing].join(', ')}: see vite.config.ts`)
    const lean = edits.reduceRight(
      (text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end),
      code,
    )
    return { code: lean, map: null }
  },
  generateBundle(_, bundle) {
    if (!('index.js' in bundle)) return
    const notice = (name: string): string => {
      const license = readFileSync(new URL(`node_modules/${name}/LICENSE`, import.meta.url), 'utf8')
      return `chunks/start.js contains ${name}, changed: log statements and unused methods are left out.\n\n${license}`
    }
    const source = ['oidc-client-ts', 'jwt-decode'].map(notice).join('\n')
    this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-LICENSES.txt', source })
  },
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

interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly key?: { readonly name?: string }
}

/** What to write in a node's place, or undefined to leave it. */
function editOf(
  { type, start, end, key }: SyntaxNode,
  code: string,
  missing: Set<string>,
): string | undefined {
  const text = code.slice(start, end)
  const method = key?.name ?? ''
  if (type === 'MethodDefinition' && unusedMethods.includes(method)) {
    missing.delete(method)
    return ''
  }
  if (type === 'VariableDeclaration' && text.startsWith('const logger2 =')) return ''
  if (type !== 'ExpressionStatement') return undefined
  const log = /^(?:logger2|Logger|\w+\._logger)\.(\w+)\(/.exec(text)
  if (log?.[1] === 'throw') return `throw ${text.slice(log[0].length).replace(/\);$/, '')};`
  return log || /^(?:\w+\._logger =|new Logger\()/.test(text) ? '' : undefined
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
  plugins: [leanOidcClient, stylesheet],
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
