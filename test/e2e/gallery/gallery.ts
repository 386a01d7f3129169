import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build, type InlineConfig, preview } from 'vite'

export interface Gallery {
  readonly url: string
  close(): Promise<void>
}

/** Every prompt on a page of its own, with the built package and its stylesheet. */
export async function openGallery(): Promise<Gallery> {
  const outDir = await mkdtemp(join(tmpdir(), 'afresh-gallery-'))
  const root = fileURLToPath(new URL('.', import.meta.url))
  const built: InlineConfig = {
    configFile: false,
    root,
    logLevel: 'warn',
    plugins: [react()],
    build: { outDir, emptyOutDir: true },
  }
  await build(built)
  const server = await preview({ ...built, preview: { host: 'localhost', port: 0 } })
  const url = server.resolvedUrls?.local[0]
  if (url === undefined) throw new Error('The gallery did not start')
  return {
    url,
    async close() {
      await server.close()
      await rm(outDir, { recursive: true, force: true })
    },
  }
}
