import { writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../demo/listen.ts'
import { programs } from '../support/programs.ts'
import { type Running, startServer } from '../support/running.ts'
import { workerdConfig } from './workerd.ts'

export interface Runtime {
  readonly name: string
  /** Undefined where npm has none for this machine. */
  readonly program: string | undefined
  /** The command line that serves a script at a port of the loopback address. */
  command(script: string, port: number): Promise<readonly string[]>
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

function workerd(name: string, flags: readonly string[]): Runtime {
  return {
    name,
    program: programs.workerd,
    async command(script, port) {
      const config = join(dirname(script), 'config.capnp')
      await writeFile(config, workerdConfig({ script: basename(script), flags }))
      return ['serve', config, '--socket-addr', `http=127.0.0.1:${port}`]
    },
  }
}

export const runtimes: readonly Runtime[] = [
  {
    name: 'Node',
    program: process.execPath,
    command: async (script, port) => [here('serve-node.mjs'), script, String(port)],
  },
  workerd('workerd', []),
  workerd('workerd with nodejs_compat', ['nodejs_compat']),
  {
    name: 'Deno',
    program: programs.deno,
    command: async (script, port) => {
      const permissions = ['--allow-net', '--no-config', '--no-remote', '--no-npm']
      return ['serve', ...permissions, '--host', '127.0.0.1', '--port', String(port), script]
    },
  },
  {
    name: 'Bun',
    program: programs.bun,
    command: async (script, port) => [here('serve-bun.mjs'), script, String(port)],
  },
]

/** Starts a script in a runtime, and waits until it answers. @throws with what it printed when it does not */
export async function run({ program = '', command }: Runtime, script: string): Promise<Running> {
  const port = await freePort()
  const env = { DENO_DIR: dirname(script), DENO_NO_UPDATE_CHECK: '1' }
  return startServer({ program, args: await command(script, port), env }, port)
}
