// One attacker, in a process of its own. It makes its requests, says that it is ready, attacks when it is told to, and
// ends.
import { setTimeout } from 'node:timers/promises'
import { freshProof } from '../flood/dpop-proofs.ts'
import { postBytes } from '../flood/http.ts'
import { createSlowConnections } from '../flood/slow-connections.ts'
import { serveMessages } from '../flood/worker.ts'
import { paced } from './paced.ts'
import { action, type Damage, readPlan } from './plan.ts'
import { createShooter } from './shooter.ts'

const plan = readPlan()
const { seconds } = plan
const endpoint = `${plan.api}/freshness`
/** How many milliseconds the last answers have to arrive. */
const grace = 1_000

async function openSlowConnections(): Promise<Damage> {
  const slow = createSlowConnections(endpoint)
  await paced(plan.slow, seconds, () => slow.add(1))
  const cut = slow.opened - slow.open - Object.values(slow.statuses).reduce((sum, count) => sum + count, 0)
  const damage = { planned: plan.slow * seconds, sent: slow.opened }
  const answers = { ...slow.statuses, cut, hangs: slow.open }
  slow.closeAll()
  return { ...damage, answers }
}

async function shoot(url: string, perSecond: number, requests: readonly Buffer[]): Promise<Damage> {
  const shooter = createShooter(url, requests.length)
  await paced(perSecond, seconds, index => shooter.send(requests[index] ?? Buffer.alloc(0)))
  await setTimeout(grace)
  return shooter.damage()
}

/** They are made beforehand, because making them during the attack would slow down the API on the same machine. */
function makeAsks(): Buffer[] {
  const startedAt = Date.now() / 1000
  const body = JSON.stringify({ action, id_token: plan.expiredIdToken })
  return Array.from({ length: plan.asks * seconds }, (_, index) => {
    // Nearly the time when it is sent, because proofs are good for a minute.
    const iat = Math.floor(startedAt + index / plan.asks)
    const headers = { 'Content-Type': 'application/json', DPoP: freshProof(endpoint, iat) }
    return postBytes(endpoint, { headers, body })
  })
}

function makeGarbageCalls(): Buffer[] {
  const url = `${plan.api}/approve`
  return Array.from({ length: plan.introspections * seconds }, (_, index) =>
    postBytes(url, { headers: { Authorization: `Bearer garbage-${index}` }, body: '' }),
  )
}

function prepare(kind: string | undefined): () => Promise<Damage> {
  if (kind === 'slow') return openSlowConnections
  const requests = kind === 'asks' ? makeAsks() : makeGarbageCalls()
  const perSecond = kind === 'asks' ? plan.asks : plan.introspections
  return () => shoot(plan.api, perSecond, requests)
}

serveMessages(prepare(process.env.KIND))
