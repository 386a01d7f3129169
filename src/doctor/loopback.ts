import { createServer, type RequestListener, type Server } from 'node:http'

/**
 * The addresses of this machine that a redirect URI's host stands for; null for any other host or scheme.
 *
 * @see RFC 8252 §7.3
 */
export function loopbackAddresses(redirectUri: string): readonly string[] | null {
  const { protocol, hostname } = new URL(redirectUri)
  if (protocol !== 'http:') return null
  // The name stands for two addresses, and browsers try both.
  if (hostname === 'localhost') return ['127.0.0.1', '::1']
  if (hostname === '127.0.0.1') return [hostname]
  return hostname === '[::1]' ? ['::1'] : null
}

/** The doctor cannot listen there. The message is a sentence for the person. */
export class PortError extends Error {}

/** A server at the redirect URI. */
export interface Loopback {
  readonly redirectUri: string
  /** Sets the listener that answers from now on. Until then, everything is answered with 503. */
  serve(listener: RequestListener): void
  /** Closes the server after the answers that are under way, or after a second. */
  close(): Promise<void>
}

/**
 * Listens where a redirect URI points to.
 *
 * @param redirectUri one that has loopback addresses
 * @throws {PortError}
 */
export async function listenAt(redirectUri: string): Promise<Loopback> {
  let listener: RequestListener = (_, response) => response.writeHead(503).end()
  const port = Number(new URL(redirectUri).port || 80)
  const servers: Server[] = []
  const close = async (): Promise<void> => {
    await Promise.all(servers.map(end))
  }
  for (const address of loopbackAddresses(redirectUri) ?? []) {
    const server = createServer((request, response) => listener(request, response))
    try {
      await listen(server, port, address)
      servers.push(server)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // The machine may have no IPv6.
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') continue
      await close()
      throw new PortError(
        code === 'EADDRINUSE'
          ? `Port ${port} is in use, but the provider will send you back to it: stop the program that uses it.`
          : `The doctor may not listen on port ${port} (${code}).`,
      )
    }
  }
  if (servers.length === 0) throw new PortError(`This machine has no ${new URL(redirectUri).hostname}.`)
  return {
    redirectUri,
    serve: next => {
      listener = next
    },
    close,
  }
}

function listen(server: Server, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, address, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function end(server: Server): Promise<void> {
  return new Promise(resolve => {
    const cut = setTimeout(() => server.closeAllConnections(), 1000)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
  })
}
