import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'vite'
import { workerdConfig } from '../runtimes/workerd.ts'
import { folderOf, isInstalled } from '../setup/examples.ts'
import { programs } from '../support/programs.ts'
import type { Command } from '../support/running.ts'

/** What an example is told by its environment. */
export type Settings = Readonly<
  Record<'ISSUER' | 'CLIENT_ID' | 'AUDIENCE' | 'FRESHNESS_KEY' | 'APP_ORIGIN' | 'PORT', string>
>

export interface Example {
  readonly name: string
  /** Whether this machine has what it needs. */
  readonly isReady: boolean
  /** How it is started. @param folder where it may put files */
  command(settings: Settings, folder: string): Promise<Command>
}

const run = promisify(execFile)
const pathTo = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url))

/** A TypeScript file for Node. What it imports is the built package. */
function node(name: string, folder: string): Example {
  const args = ['--import', 'tsx', pathTo(`examples/${folder}/server.ts`)]
  const env = { TSX_TSCONFIG_PATH: pathTo('examples/tsconfig.json') }
  return {
    name,
    isReady: true,
    command: async settings => ({ program: process.execPath, args, env: { ...settings, ...env } }),
  }
}

export const withDatabase: Example = node('Hono and SQLite', 'hono')

const express = node('Express 5', 'express')
/** They end a session when the OP says so. */
export const withLogout: readonly Example[] = [withDatabase, express]
/** They make their guards when they start. */
export const forNode: readonly Example[] = [
  withDatabase,
  express,
  node('Express 4', 'express4'),
  node('Fastify', 'fastify'),
  node('Node', 'node'),
]
/** Its objects have their SQLite in the folder `objects`. */
export const onWorkers: Example = {
  name: 'Workers',
  isReady: programs.workerd !== undefined,
  async command({ PORT, ...settings }, folder) {
    await build({
      configFile: false,
      logLevel: 'warn',
      build: {
        outDir: folder,
        emptyOutDir: false,
        lib: { entry: pathTo('examples/workers/worker.ts'), formats: ['es'], fileName: 'worker' },
        rolldownOptions: { external: ['cloudflare:workers'] },
      },
    })
    const objects = { FRESHNESS: 'FreshnessObject' }
    const storage = join(folder, 'objects')
    await mkdir(storage, { recursive: true })
    const config = join(folder, 'config.capnp')
    const worker = { script: 'worker.js', flags: [], env: settings, objects, storage }
    await writeFile(config, workerdConfig(worker))
    const args = ['serve', config, '--socket-addr', `http=127.0.0.1:${PORT}`]
    return { program: programs.workerd ?? '', args }
  },
}

export const examples: readonly Example[] = [
  ...forNode,
  {
    name: 'Next',
    isReady: isInstalled('next'),
    async command(settings) {
      const directory = folderOf('next')
      const program = `${directory}/node_modules/next/dist/bin/next`
      const env = { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' }
      // Where apps are built, there are no secrets.
      await run(process.execPath, [program, 'build'], { cwd: directory, env: { ...process.env, ...env } })
      const args = [program, 'start', '-H', '127.0.0.1', '-p', settings.PORT]
      return { program: process.execPath, args, directory, env: { ...settings, ...env } }
    },
  },
  {
    name: 'Deno',
    isReady: programs.deno !== undefined,
    async command(settings, folder) {
      const permissions = ['--allow-net', '--allow-env', '--allow-read', '--no-remote']
      const args = ['run', ...permissions, pathTo('examples/deno/server.ts')]
      const env = { ...settings, DENO_DIR: folder, DENO_NO_UPDATE_CHECK: '1' }
      return { program: programs.deno ?? '', args, env }
    },
  },
  {
    name: 'Bun',
    isReady: programs.bun !== undefined,
    command: async settings => ({
      program: programs.bun ?? '',
      args: [pathTo('examples/bun/server.ts')],
      env: settings,
    }),
  },
  onWorkers,
]
