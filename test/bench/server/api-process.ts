import { freePort } from '../../../demo/listen.ts'
import type { Cpu, Memory } from '../flood/usage.ts'
import { startWorker } from '../flood/worker.ts'
import type { Build } from './builds.ts'

/** An API in a process of its own. */
export interface ApiProcess {
  /** Its origin. */
  readonly audience: string
  url(path: string): string
  /** Microseconds of a processor's time that it has used, all its threads together. */
  cpu(): Promise<number>
  /** Collects its garbage first. */
  memory(): Promise<Memory>
  close(): void
}

/** Starts an API that serves at `PORT`. @param env what else it is told */
export async function startProcess(script: URL, env: Readonly<Record<string, string>>): Promise<ApiProcess> {
  const port = await freePort()
  const audience = `http://127.0.0.1:${port}`
  // As in production, without checks that are meant for development.
  const worker = await startWorker(script, { ...env, PORT: `${port}`, NODE_ENV: 'production' })
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

/** Starts the API of a build, with its store in memory. @param introspection the endpoint's URL */
export function startApi(build: Build, issuer: string, introspection: string): Promise<ApiProcess> {
  const env = { FOLDER: build.folder, ISSUER: issuer, INTROSPECTION: introspection }
  return startProcess(new URL('api.ts', import.meta.url), env)
}
