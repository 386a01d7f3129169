import { connect } from 'node:net'
import type { Shot } from './proofs.ts'

export interface Shots {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p99: number
}

const connections = 100

/**
 * Sends each once, over 100 connections that each wait for an answer before they go on. By hand, because a client that
 * does more costs more than what it measures, on the same machine.
 *
 * @throws when one is answered otherwise than expected; null expects nothing
 */
export async function fire(url: string, shots: readonly Shot[], expected: number | null): Promise<Shots> {
  const { hostname, port, pathname } = new URL(url)
  const requests = shots.map(({ headers, body }) => {
    const lines = {
      Host: `${hostname}:${port}`,
      ...headers,
      'Content-Length': String(Buffer.byteLength(body)),
    }
    const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`)
    return Buffer.from(`POST ${pathname} HTTP/1.1\r\n${head.join('')}\r\n${body}`)
  })
  const times: number[] = []
  let next = 0

  const shootInTurn = (): Promise<void> =>
    new Promise((resolve, reject) => {
      let sentAt = 0
      let text = ''
      const socket = connect(Number(port), hostname).setNoDelay().setEncoding('latin1')
      const shoot = (): void => {
        const request = requests[next++]
        text = ''
        sentAt = performance.now()
        if (request) socket.write(request)
        else socket.end(resolve)
      }
      socket.on('connect', shoot).on('error', reject)
      socket.on('data', (chunk: string) => {
        text += chunk
        const end = text.indexOf('\r\n\r\n')
        const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1]
        if (end < 0 || text.length < end + 4 + Number(length)) return
        const status = Number(text.slice(9, 12))
        times.push(performance.now() - sentAt)
        if (length !== undefined && (expected === null || status === expected)) shoot()
        else socket.destroy(new Error(`${url} answered ${status}: ${text.slice(end + 4)}`))
      })
    })

  const startedAt = performance.now()
  await Promise.all(Array.from({ length: Math.min(connections, shots.length) }, shootInTurn))
  const seconds = (performance.now() - startedAt) / 1000
  const p99 = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN
  return { perSecond: shots.length / seconds, p99 }
}
