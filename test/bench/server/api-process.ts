import { freePort } from '../../../demo/listen.ts'
import type { Cpu, Memory } from '../flood/usage.ts'
import { startWorker } from '../flood/worker.ts'
import type { Build } from './builds.ts'

/** The API in a process of its own. */
export interface ApiProcess {
  readonly audience: string
  url(path: string): string
  /** Microseconds of a processor's time that it has used, all its threads together. */
  cpu(): Promise<number>
  /** Collects its garbage first. */
  memory(): Promise<Memory>
  close(): void
}

/** @param introspection the endpoint's URL */
export async function startApi(build: Build, issuer: string, introspection: string): Promise<ApiProcess> {
  const port = await freePort()
  const audience = `http://127.0.0.1:${port}`
  const worker = await startWorker(new URL('api.ts', import.meta.url), {
    FOLDER: build.folder,
    ISSUER: issuer,
    INTROSPECTION: introspection,
    PORT: `${port}`,
    // As in production, without checks that are meant for development.
    NODE_ENV: 'production',
  })
  return {
    audience,
    url: path => `${audience}${path}`,
    async cpu() {
      const { user, system } = await worker.ask<Cpu>('cpu')
      return user + system
    },
    memory: () => worker.ask<Memory>('memory'),
    close: () => worker.stop(),
  }
}
