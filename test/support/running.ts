import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'

/** A server in a process of its own. */
export interface Running {
  readonly origin: string
  /** What it has printed. */
  readonly output: () => string
  stop(): Promise<void>
}

/** How a server is started. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly directory?: string
  /** Added to this process's own. */
  readonly env?: Readonly<Record<string, string>>
  /** The name of this machine that it listens at. Default: `127.0.0.1`. */
  readonly host?: string
}

/** Starts a server, and waits until it answers anything. @throws with what it printed when it does not */
export async function startServer(
  { program, args, directory, env, host = '127.0.0.1' }: Command,
  port: number,
): Promise<Running> {
  // In a group of its own, so that what it starts ends with it.
  const options = { cwd: directory, env: { ...process.env, ...env }, detached: true }
  const child = spawn(program, args, options)
  const ended = once(child, 'exit')
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
  }
  const origin = `http://${host}:${port}`
  const running = {
    origin,
    output: () => printed,
    async stop() {
      killGroup(child)
      await ended
    },
  }
  for (const until = Date.now() + 25_000; !(await answers(origin)); await wait(50)) {
    if (hasEnded(child) || Date.now() > until) {
      await running.stop()
      throw new Error(`It does not answer:\n${printed}`)
    }
  }
  return running
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null

const answers = (origin: string): Promise<boolean> =>
  fetch(`${origin}/ready`).then(
    () => true,
    () => false,
  )
