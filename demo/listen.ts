import { createServer, type Server } from 'node:net'

/** Starts a server. @throws when the port is in use */
export function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Ends a server and its connections. */
export function close(server: Server & { closeAllConnections?(): void }): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    // Browsers keep connections open, and close() waits for them.
    server.closeAllConnections?.()
  })
}

/**
 * Whether a port is free. `localhost` is one name for two addresses, and browsers try both, so the port must be free on
 * each.
 */
export async function isFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '::1']) {
    const probe = createServer()
    try {
      await listen(probe, host, port)
      await close(probe)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false
    }
  }
  return true
}

/** A port that no program uses right now. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  await listen(probe, '127.0.0.1', 0)
  const address = probe.address()
  await close(probe)
  if (address === null || typeof address === 'string') throw new Error('no port to be had')
  return (await isFree(address.port)) ? address.port : freePort()
}
