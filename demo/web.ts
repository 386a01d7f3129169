import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import react from '@vitejs/plugin-react'
import { afresh } from 'afresh/vite'
import type { Hono } from 'hono'
import { build, type Connect, createServer, type InlineConfig, type Plugin, preview } from 'vite'
import { type DevNeeds, headersFor, type Site } from './headers.ts'
import { close, listen } from './listen.ts'

/** What the web server needs. */
export interface WebOptions {
  readonly port: number
  /** The address that `/api/` is passed on to. */
  readonly api: string
  /** The handler of `/demo/`. */
  readonly settings: Hono['fetch']
  /**
   * Gives the site that the headers depend on. It is called for each response, because another OP may have been picked.
   */
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
    plugins: [react(), sendingHeaders(site, dev), answering(settings), afresh({ print: false })],
    server: serving,
    preview: serving,
    // The same nonce is used as long as the server runs. A real site needs a new one for each response.
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

/** Puts the headers on every response. */
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

/** Vite's own server ends the process when it is told to stop, so this server is ours. */
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

// The app reads its settings when it is loaded, so one build serves every demo of this process.
let building: Promise<string> | undefined

async function buildApp(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'afresh-demo-'))
  process.once('exit', () => rmSync(outDir, { recursive: true, force: true }))
  await build({ ...app, plugins: [react(), afresh()], build: { outDir, emptyOutDir: true } })
  return outDir
}
