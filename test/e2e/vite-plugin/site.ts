import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afresh } from 'afresh/vite'
import { build, createServer, type InlineConfig, preview } from 'vite'
import { freePort } from '../../../demo/listen.ts'
import { startOp } from '../../../demo/op/op.ts'

/** How the app is served: a build of it, or by the dev server. */
export type Mode = 'built' | 'dev'

/** An app under a path, whose callback page comes from the plugin, and its OP. */
export interface Site {
  readonly url: string
  close(): Promise<void>
}

const base = '/app/'

export async function startSite(mode: Mode): Promise<Site> {
  const [port, opPort] = [await freePort(), await freePort()]
  const url = `http://localhost:${port}${base}`
  const apis = [{ audience: 'https://api.example/' }] as const
  const op = await startOp({ app: url.slice(0, -1), port: opPort, clientId: 'payments', apis })
  const outDir = await mkdtemp(join(tmpdir(), 'afresh-plugin-'))
  const serving = { host: 'localhost', port, strictPort: true }
  const config: InlineConfig = {
    configFile: false,
    root: fileURLToPath(new URL('app/', import.meta.url)),
    base,
    logLevel: 'warn',
    cacheDir: join(outDir, 'cache'),
    plugins: [afresh({ print: false })],
    define: { 'import.meta.env.VITE_ISSUER': JSON.stringify(op.issuer) },
    build: { outDir: join(outDir, 'dist'), emptyOutDir: true },
    server: serving,
    preview: { ...serving, headers: strictHeaders(new URL(op.issuer).origin) },
  }
  const server = await (mode === 'dev' ? startDev(config) : startBuilt(config))
  return {
    url,
    close: async () => {
      await server.close()
      await op.close()
      await rm(outDir, { recursive: true, force: true })
    },
  }
}

async function startDev(config: InlineConfig): Promise<{ close(): Promise<void> }> {
  const server = await createServer(config)
  return server.listen()
}

async function startBuilt(config: InlineConfig): Promise<{ close(): Promise<void> }> {
  await build(config)
  return preview(config)
}

/** Of every page: no inline script, and no script that makes code out of text. */
const strictHeaders = (op: string): Record<string, string> => ({
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    `connect-src 'self' ${op}`,
    'img-src data:',
    `frame-src 'self' ${op}`,
    "frame-ancestors 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
})
