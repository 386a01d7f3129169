import { mkdtemp, rm } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build, createServer, type InlineConfig, preview } from 'vite'
import type { DemoConfig } from './app/config.ts'
import { close, listen } from './listen.ts'

export interface WebOptions {
  readonly port: number
  /** Where `/api/` is passed on to. */
  readonly api: string
  readonly config: DemoConfig
  /** `dev` is Vite's dev server; `built` serves a production build. */
  readonly mode: 'dev' | 'built'
}

interface Closable {
  close(): Promise<void>
}

const root = fileURLToPath(new URL('app/', import.meta.url))

/** Serves the single-page app. */
export function startWeb({ port, api, config, mode }: WebOptions): Promise<Closable> {
  const serving = { host: 'localhost', port, strictPort: true, proxy: { '/api/': api } }
  const shared: InlineConfig = {
    configFile: false,
    root,
    appType: 'mpa',
    logLevel: 'warn',
    clearScreen: false,
    cacheDir: fileURLToPath(new URL('../node_modules/.vite/demo', import.meta.url)),
    define: { __DEMO__: JSON.stringify(config) },
    plugins: [react()],
    server: serving,
    preview: serving,
  }
  return mode === 'dev' ? startDev(shared, port) : startBuilt(shared)
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
  // A directory of its own each: the build knows its ports.
  const outDir = await mkdtemp(join(tmpdir(), 'afresh-demo-'))
  const input = { app: join(root, 'index.html'), callback: join(root, 'auth/callback.html') }
  const built = { ...config, build: { outDir, emptyOutDir: true, rolldownOptions: { input } } }
  await build(built)
  const server = await preview(built)
  return {
    async close() {
      await server.close()
      await rm(outDir, { recursive: true, force: true })
    },
  }
}
