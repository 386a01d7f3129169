import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { freePort } from '../../../demo/listen.ts'
import { type OpAndApi, startOpAndApi } from '../../../demo/op-and-api.ts'
import { folderOf } from '../../setup/examples.ts'
import { type Running, startServer } from '../../support/running.ts'
import { test as base } from '../demo.ts'
import type { ExampleApp } from './apps.ts'

/** An example that runs, with an OP and a backend of its own. */
export interface Site {
  readonly origin: string
  close(): Promise<void>
}

interface Fixtures {
  readonly app: ExampleApp
  /** The app as it is built. The tests of one app share it. */
  readonly built: Site
  /** The app as its developers see it. */
  readonly dev: Site
}

interface WorkerFixtures {
  readonly shared: { site?: { readonly of: ExampleApp } & Site }
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  app: [undefined as never, { option: true }],
  shared: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the parameter what a fixture needs
    async ({}, use) => {
      const shared: WorkerFixtures['shared'] = {}
      await use(shared)
      await shared.site?.close()
    },
    { scope: 'worker' },
  ],
  built: [
    async ({ app, shared }, use) => {
      if (shared.site?.of !== app) {
        await shared.site?.close()
        delete shared.site
        shared.site = { of: app, ...(await start(app, 'built')) }
      }
      await use(shared.site)
    },
    // Next takes half a minute to build where nothing else runs.
    { timeout: 600_000 },
  ],
  dev: async ({ app }, use) => {
    const site = await start(app, 'dev')
    await use(site)
    await site.close()
  },
})

const run = promisify(execFile)

async function start(app: ExampleApp, mode: 'built' | 'dev'): Promise<Site> {
  const running = await startOpAndApi()
  try {
    const server = await serve(app, mode, running)
    return {
      origin: server.origin,
      async close() {
        await server.stop()
        await running.close()
      },
    }
  } catch (error) {
    await running.close()
    throw error
  }
}

async function serve(app: ExampleApp, mode: 'built' | 'dev', running: OpAndApi): Promise<Running> {
  const [directory, port] = [folderOf(app.name), await freePort()]
  // The tests themselves run under `npm run --ignore-scripts`, and an app's `prebuild` must run all the same.
  const npm = { npm_config_ignore_scripts: 'false' }
  const env = { ...app.env(running), ...npm, NEXT_TELEMETRY_DISABLED: '1' }
  if (mode === 'built') {
    await run('npm', ['run', 'build'], { cwd: directory, env: { ...process.env, ...env } })
  }
  const args = ['run', mode === 'built' ? app.serve : 'dev', '--', ...app.listenAt(port)]
  return startServer({ program: 'npm', args, directory, env, host: 'localhost' }, port)
}
