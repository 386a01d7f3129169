import { connect } from 'node:net'
import { postBytes, type Shot, wholeAnswer } from '../flood/http.ts'

/** How fast the requests were answered. */
export interface Shots {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p99: number
}

const connections = 100

/**
 * Sends each request once, over 100 connections. Each connection waits for an answer before it sends the next request.
 *
 * @throws when an answer has another status than `expected`; null accepts any status
 */
export async function fire(url: string, shots: readonly Shot[], expected: number | null): Promise<Shots> {
  const { hostname, port } = new URL(url)
  const requests = shots.map(shot => postBytes(url, shot))
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
      socket.on('close', () => reject(new Error(`${url} closed a connection`)))
      socket.on('data', (chunk: string) => {
        text += chunk
        const answer = wholeAnswer(text)
        if (!answer) return
        times.push(performance.now() - sentAt)
        if (expected === null || answer.status === expected) shoot()
        else socket.destroy(new Error(`${url} answered ${answer.status}: ${answer.body}`))
      })
    })

  const startedAt = performance.now()
  await Promise.all(Array.from({ length: Math.min(connections, shots.length) }, shootInTurn))
  const seconds = (performance.now() - startedAt) / 1000
  const p99 = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN
  return { perSecond: shots.length / seconds, p99 }
}
