import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Memory } from './setup.ts'

export interface ApiProcess {
  url(path: string): string
  /** Collects its garbage first. Bytes. */
  memory(): Promise<Memory>
  close(): void
}

export async function startApi(issuer: string): Promise<ApiProcess> {
  const child = fork(fileURLToPath(new URL('api.ts', import.meta.url)), {
    // As in production, where nobody looks for mistakes of ours.
    env: { ...process.env, ISSUER: issuer, NODE_ENV: 'production' },
    execArgv: ['--expose-gc', '--import', 'tsx'],
  })
  const [{ port }] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (port === undefined) throw new Error('The API did not start')
  return {
    url: path => `http://127.0.0.1:${port}${path}`,
    async memory() {
      const answer = once(child, 'message')
      child.send('memory')
      return (await answer)[0]
    },
    close: () => child.disconnect(),
  }
}
