import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

export interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Where it keeps what it writes; gone with the program. */
  readonly directory: string
  /** It has started when this address answers. */
  readonly answersAt: string
}

export const makeDirectory = (name: string): Promise<string> => mkdtemp(join(tmpdir(), `afresh-${name}-`))

/**
 * Starts a server and its workers, and resolves when it answers.
 *
 * @returns what ends them all; the end of this process does so too
 * @throws with what it printed, when it ends by itself or gives no answer in 30 s
 */
export async function startProgram(program: Program): Promise<() => Promise<void>> {
  const { command, args, env, directory, answersAt } = program
  const log = join(directory, 'output.log')
  const output = openSync(log, 'a')
  // A group of its own, so that what it has started ends with it.
  const child = spawn(command, args, {
    cwd: directory,
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  const gone = once(child, 'exit')
  const kill = (): void => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      // Nothing of it is left.
    }
  }
  process.once('exit', kill)
  const stop = async (): Promise<void> => {
    process.off('exit', kill)
    kill()
    await gone
    await rm(directory, { recursive: true, force: true })
  }
  const deadline = Date.now() + 30_000
  while (!(await answers(answersAt))) {
    if (child.exitCode === null && Date.now() < deadline) {
      await setTimeout(50)
      continue
    }
    const printed = await readFile(log, 'utf8')
    await stop()
    throw new Error(`${command} did not start:\n${printed.slice(0, 2000)}`)
  }
  return stop
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    response => response.ok,
    () => false,
  )
}
