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
import { close, listen } from './listen.ts'

export interface WebOptions {
  readonly port: number
  /** Where `/api/` is passed on to. */
  readonly api: string
  /** What answers under `/demo/`. */
  readonly settings: Hono['fetch']
  /** `dev` is Vite's dev server; `built` serves a production build. */
  readonly mode: 'dev' | 'built'
}

interface Closable {
  close(): Promise<void>
}

const root = fileURLToPath(new URL('app/', import.meta.url))

/** Serves the single-page app. */
export function startWeb({ port, api, settings, mode }: WebOptions): Promise<Closable> {
  const serving = { host: 'localhost', port, strictPort: true, proxy: { '/api/': api } }
  const config = { ...app, plugins: [react(), answering(settings)], server: serving, preview: serving }
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

/** Answers what is under `/demo/` before Vite looks for a file. */
function answering(settings: Hono['fetch']): Plugin {
  const listener = getRequestListener(settings)
  const answer: Connect.NextHandleFunction = (request, response, next) => {
    if (request.url?.startsWith('/demo/')) void listener(request, response)
    else next()
  }
  return {
    name: 'demo-settings',
    configureServer: ({ middlewares }) => void middlewares.use(answer),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(answer),
  }
}

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
