import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build, type Rolldown } from 'vite'
import { close, listen } from '../../demo/listen.ts'
import type { AppConfig } from './apps/shared/contender.ts'
import { appRequestName, epochNow, latency, type Traffic } from './traffic.ts'

type Files = ReadonlyMap<string, string | Uint8Array>

const appFolder = (folder: string): string => fileURLToPath(new URL(`apps/${folder}/`, import.meta.url))
const callbacks = { floor: 'callback.html', afresh: 'auth/callback.html', 'react-oidc-context': undefined }

/** Builds an app for production and keeps it in memory: the content of each path. */
export async function buildApp(folder: keyof typeof callbacks, config: AppConfig): Promise<Files> {
  const root = appFolder(folder)
  const pages = ['index.html', callbacks[folder]].filter(page => page !== undefined)
  const { output } = (await build({
    configFile: false,
    root,
    logLevel: 'warn',
    define: { __BENCH__: JSON.stringify(config) },
    plugins: [react()],
    build: { write: false, target: 'es2022', rolldownOptions: { input: pages.map(page => root + page) } },
  })) as Rolldown.RolldownOutput
  return new Map(
    output.map(file => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source] as const),
  )
}

const types: Record<string, string> = { html: 'text/html; charset=utf-8', js: 'text/javascript' }

/**
 * How a static host serves a single-page app: the page is asked for each time, and hashed files are kept for good. The
 * callback page is kept for a while, because it is the same for all people.
 */
function caching(path: string): string {
  if (path.startsWith('/assets/')) return 'public, max-age=31536000, immutable'
  return path === '/index.html' ? 'no-cache' : 'public, max-age=3600'
}

/** Serves a built app on a port of its own, as slowly as the OP. */
export async function serveApp(
  files: Files,
  port: number,
  traffic: Traffic,
): Promise<{ close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const startedAt = epochNow()
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const destination = request.headers['sec-fetch-dest']
    traffic.underWay++
    response.once('close', () => {
      traffic.underWay--
      const name = appRequestName(pathname, destination?.toString())
      const status = response.statusCode
      traffic.exchanges.push({ to: 'app', name, startedAt, endedAt: epochNow(), status })
    })
    await new Promise(resolve => setTimeout(resolve, latency))
    const path = pathname === '/' ? '/index.html' : pathname
    const content = files.get(path)
    if (content === undefined) return response.writeHead(404).end()
    const ETag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 16)}"`
    const headers = { ETag, 'Cache-Control': caching(path) }
    if (request.headers['if-none-match'] === ETag) return response.writeHead(304, headers).end()
    const type = types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
    return response.writeHead(200, { ...headers, 'Content-Type': type }).end(content)
  })
  await listen(server, 'localhost', port)
  return { close: () => close(server) }
}
