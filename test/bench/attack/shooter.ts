import { connect, type Socket } from 'node:net'
import { wholeAnswer } from '../flood/http.ts'
import type { Damage } from './plan.ts'

/** Sends requests over connections that it keeps, and counts the answers. */
export interface Shooter {
  send(request: Buffer): void
  readonly damage: () => Damage
}

/** There are no more connections than these. A request that finds all of them waiting for an answer is not sent. */
const maxConnections = 500

/** @param url of an API on this machine: it connects to nothing but 127.0.0.1 */
export function createShooter(url: string, planned: number): Shooter {
  const { port } = new URL(url)
  const answers: Record<string, number> = {}
  const idle: Socket[] = []
  let [open, sent] = [0, 0]
  let answered = 0

  const count = (what: string | number): void => {
    answered++
    answers[what] = (answers[what] ?? 0) + 1
  }

  function openSocket(request: Buffer): void {
    open++
    let text = ''
    const socket = connect(Number(port), '127.0.0.1').setNoDelay().setEncoding('latin1')
    socket.on('connect', () => socket.write(request)).on('error', () => {})
    socket.on('data', (chunk: string) => {
      text += chunk
      const answer = wholeAnswer(text)
      if (!answer) return
      text = ''
      count(answer.status)
      idle.push(socket)
    })
    socket.on('close', () => {
      open--
      const place = idle.indexOf(socket)
      if (place < 0) count('cut')
      else idle.splice(place, 1)
    })
  }

  return {
    send(request) {
      const socket = idle.pop()
      if (!socket && open >= maxConnections) return
      sent++
      if (socket) socket.write(request)
      else openSocket(request)
    },
    damage: () => ({ planned, sent, answers: { ...answers, hangs: sent - answered } }),
  }
}
