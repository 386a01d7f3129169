import { connect, type Socket } from 'node:net'
import { unfinishedBytes } from './http.ts'

/** Connections that send headers and one byte of a body, and then wait until the server closes them. */
export interface SlowConnections {
  /** How many the server has not closed. */
  readonly open: number
  /** How many there have been. */
  readonly opened: number
  /** How many times the server said each status before it closed. */
  readonly statuses: Readonly<Record<string, number>>
  add(count: number): void
  closeAll(): void
}

/** @param url on this machine: it connects to nothing but 127.0.0.1 */
export function createSlowConnections(url: string): SlowConnections {
  const { port } = new URL(url)
  const bytes = unfinishedBytes(url)
  const sockets = new Set<Socket>()
  const statuses: Record<string, number> = {}
  let opened = 0

  function add(): void {
    opened++
    const socket = connect(Number(port), '127.0.0.1')
    sockets.add(socket)
    socket.on('connect', () => socket.write(bytes))
    socket.on('data', chunk => {
      const status = chunk.toString('latin1', 9, 12)
      statuses[status] = (statuses[status] ?? 0) + 1
      socket.destroy()
    })
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }

  return {
    get open() {
      return sockets.size
    },
    get opened() {
      return opened
    },
    statuses,
    add(count) {
      for (let left = count; left > 0; left--) add()
    },
    closeAll() {
      for (const socket of sockets) socket.destroy()
    },
  }
}
