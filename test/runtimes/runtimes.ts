import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../demo/listen.ts'
import { workerdConfig } from './workerd.ts'

export interface Runtime {
  readonly name: string
  /** Undefined where npm has none for this machine. */
  readonly program: string | undefined
  /** The command line that serves a script at a port of the loopback address. */
  command(script: string, port: number): Promise<readonly string[]>
}

export interface Running {
  readonly origin: string
  /** What it has printed. */
  readonly output: () => string
  stop(): Promise<void>
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))
const { platform, arch } = process

/** In the package that npm has chosen for this machine, as it came: no install script of theirs has run. */
function binary(path: string): string | undefined {
  const file = here(`../../node_modules/${path}${platform === 'win32' ? '.exe' : ''}`)
  return existsSync(file) ? file : undefined
}

function workerd(name: string, flags: readonly string[]): Runtime {
  return {
    name,
    program: binary(`@cloudflare/workerd-${platform}-${arch === 'x64' ? '64' : arch}/bin/workerd`),
    async command(script, port) {
      const config = join(dirname(script), 'config.capnp')
      await writeFile(config, workerdConfig(basename(script), flags))
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
    program: binary(`@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}/deno`),
    command: async (script, port) => {
      const permissions = ['--allow-net', '--no-config', '--no-remote', '--no-npm']
      return ['serve', ...permissions, '--host', '127.0.0.1', '--port', String(port), script]
    },
  },
  {
    name: 'Bun',
    program: binary(`@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}/bin/bun`),
    command: async (script, port) => [here('serve-bun.mjs'), script, String(port)],
  },
]

/** Starts a script in a runtime, and waits until it answers. @throws with what it printed when it does not */
export async function run({ program = '', command }: Runtime, script: string): Promise<Running> {
  const port = await freePort()
  const child = spawn(program, await command(script, port), {
    env: { ...process.env, DENO_DIR: dirname(script), DENO_NO_UPDATE_CHECK: '1' },
  })
  const ended = once(child, 'exit')
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
  }
  const origin = `http://127.0.0.1:${port}`
  const running = {
    origin,
    output: () => printed,
    async stop() {
      child.kill('SIGKILL')
      await ended
    },
  }
  for (const until = Date.now() + 15_000; !(await answers(origin)); await wait(50)) {
    if (hasEnded(child) || Date.now() > until) {
      await running.stop()
      throw new Error(`It does not answer:\n${printed}`)
    }
  }
  return running
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null

const answers = (origin: string): Promise<boolean> =>
  fetch(`${origin}/ready`).then(
    ({ ok }) => ok,
    () => false,
  )
