import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A process of its own, which ends when this one does. */
export interface Worker {
  /** Sends a message and waits for the answer. @throws when the process ends instead */
  ask<Answer>(message: string): Promise<Answer>
  stop(): void
}

/**
 * Starts a TypeScript file as a process: one that calls `serveMessages` when it is ready.
 *
 * @param env added to this process' environment
 * @throws when the process ends before it is ready
 */
export async function startWorker(script: URL, env: Readonly<Record<string, string>>): Promise<Worker> {
  const path = fileURLToPath(script)
  const execArgv = ['--expose-gc', '--import', 'tsx']
  const child = fork(path, { env: { ...process.env, ...env }, execArgv })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${path} ended with ${code}`)
  })
  // Its end is no error once it has been stopped.
  ended.catch(() => {})
  const nextMessage = async () => (await Promise.race([once(child, 'message'), ended]))[0]

  await nextMessage()
  return {
    ask(message) {
      const answer = nextMessage()
      child.send(message)
      return answer
    },
    stop() {
      if (child.connected) child.disconnect()
    },
  }
}

/** In the process itself: says that it is ready, and answers messages until the process that started it is gone. */
export function serveMessages(answer: (message: unknown) => Promise<object>): void {
  process.on('message', async message => {
    process.send?.(await answer(message))
  })
  process.once('disconnect', () => process.exit())
  process.send?.('ready')
}
