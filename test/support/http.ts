import { once } from 'node:events'
import { type AddressInfo, connect, type Server } from 'node:net'
import { text } from 'node:stream/consumers'

/** Starts a server at a port that is free. Its origin. */
export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/**
 * The answer to a request that is sent as it stands, since clients would put it right.
 *
 * @param lines the request line and the headers but `Content-Length` and `Connection`
 */
export async function sendRaw(origin: string, lines: readonly string[], body = ''): Promise<string> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1')
  const length = `Content-Length: ${Buffer.byteLength(body)}`
  socket.write([...lines, length, 'Connection: close', '', body].join('\r\n'))
  return text(socket)
}
