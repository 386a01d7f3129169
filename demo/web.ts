import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import react from '@vitejs/plugin-react'
import type { Hono } from 'hono'
import { build, type Connect, createServer, type InlineConfig, type Plugin, preview } from 'vite'
import { type DevNeeds, headersFor, type Site } from './headers.ts'
import { close, listen } from './listen.ts'

export interface WebOptions {
  readonly port: number
  /** Where `/api/` is passed on to. */
  readonly api: string
  /** What answers under `/demo/`. */
  readonly settings: Hono['fetch']
  /** What the headers say is asked for each response: another OP can be picked meanwhile. */
  readonly site: () => Site
  /** `dev` is Vite's dev server; `built` serves a production build. */
  readonly mode: 'dev' | 'built'
}

interface Closable {
  close(): Promise<void>
}

const root = fileURLToPath(new URL('app/', import.meta.url))

/** Serves the single-page app. */
export function startWeb({ port, api, settings, site, mode }: WebOptions): Promise<Closable> {
  const serving = { host: 'localhost', port, strictPort: true, proxy: { '/api/': api } }
  const dev: DevNeeds | undefined =
    mode === 'dev'
      ? { nonce: randomBytes(16).toString('base64'), socket: `ws://localhost:${port}` }
      : undefined
  const config: InlineConfig = {
    ...app,
    plugins: [react(), sendingHeaders(site, dev), answering(settings)],
    server: serving,
    preview: serving,
    // One for as long as the server runs, which would not do for a real site.
    ...(dev && { html: { cspNonce: dev.nonce } }),
  }
  return mode === 'dev' ? startDev(config, port) : startBuilt(config)
}

const app: InlineConfig = {
  configFile: false,
  root,
  appType: 'mpa',
  logLevel: 'warn',
  clearScreen: false,
  cacheDir: fileURLToPath(new URL('../node_modules/.vite/demo', import.meta.url)),
}

/** Puts the headers on every response, whoever answers. */
function sendingHeaders(site: () => Site, dev: DevNeeds | undefined): Plugin {
  return beforeVite('demo-headers', (request, response, next) => {
    const [path = '/'] = (request.url ?? '/').split('?')
    for (const [name, value] of Object.entries(headersFor(path, site(), dev))) response.setHeader(name, value)
    next()
  })
}

/** Answers what is under `/demo/` before Vite looks for a file. */
function answering(settings: Hono['fetch']): Plugin {
  const listener = getRequestListener(settings)
  return beforeVite('demo-settings', (request, response, next) => {
    if (request.url?.startsWith('/demo/')) void listener(request, response)
    else next()
  })
}

const beforeVite = (name: string, handle: Connect.NextHandleFunction): Plugin => ({
  name,
  configureServer: ({ middlewares }) => void middlewares.use(handle),
  configurePreviewServer: ({ middlewares }) => void middlewares.use(handle),
})

/** Vite's own server exits the process by itself when it is told to end, so this one is ours. */
async function startDev(config: InlineConfig, port: number): Promise<Closable> {
  const server = createHttpServer()
  const vite = await createServer({
    ...config,
    server: { ...config.server, middlewareMode: { server }, ws: { server } },
  })
  server.on('request', vite.middlewares)
  await listen(server, 'localhost', port)
  return {
    async close() {
      await vite.close()
      await close(server)
    },
  }
}

async function startBuilt(config: InlineConfig): Promise<Closable> {
  building ??= buildApp()
  return preview({ ...config, build: { outDir: await building } })
}

// The app learns what it is set up with when it is loaded, so one build does for every demo of this process.
let building: Promise<string> | undefined

async function buildApp(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'afresh-demo-'))
  process.once('exit', () => rmSync(outDir, { recursive: true, force: true }))
  const input = { app: join(root, 'index.html'), callback: join(root, 'auth/callback.html') }
  await build({
    ...app,
    plugins: [react()],
    build: { outDir, emptyOutDir: true, rolldownOptions: { input } },
  })
  return outDir
}
