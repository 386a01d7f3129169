// The honest client, in a process of its own: once a second a person steps up, as a browser with a DPoP key would.
import { setTimeout } from 'node:timers/promises'
import { createProver, sha256 } from '../../support/dpop.ts'
import { goodToken } from '../flood/introspection.ts'
import { serveMessages } from '../flood/worker.ts'
import { action, type Leg, readPlan, type StepUp } from './plan.ts'

const plan = readPlan()
const prover = await createProver()
/** How many milliseconds a person waits for one answer. */
const answerTimeout = 10_000
let people = 0

async function signIn(claims: Readonly<Record<string, string>>): Promise<string> {
  const answer = await fetch(`${plan.mint}?${new URLSearchParams(claims)}`)
  return answer.text()
}

async function post(
  path: string,
  status: number,
  { headers, body }: { readonly headers?: Record<string, string>; readonly body?: object },
  ath?: string,
): Promise<string> {
  const url = `${plan.api}${path}`
  const DPoP = await prover.prove('POST', url, Math.floor(Date.now() / 1000), { claims: { ath } })
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', DPoP, ...headers },
    body: JSON.stringify(body ?? {}),
    signal: AbortSignal.timeout(answerTimeout),
  })
  const text = await answer.text()
  if (answer.status !== status) throw new Error(`${answer.status} ${text.slice(0, 100)}`)
  return text
}

/** Another person steps up each time: logins within one second could not serve two challenges of the same person. */
async function stepUp(): Promise<StepUp> {
  const sub = `josh-${++people}`
  const times: Partial<Record<Leg, number>> = {}
  let leg: Leg = 'ask'
  const timed = async <T>(name: Leg, work: () => Promise<T>): Promise<T> => {
    leg = name
    const startedAt = performance.now()
    return work().finally(() => {
      times[name] = performance.now() - startedAt
    })
  }
  try {
    const session = await signIn({ sub, ago: '3600' })
    const asked = await timed('ask', () => post('/freshness', 401, { body: { action, id_token: session } }))
    const { challenge, nonce, wait = 0 } = JSON.parse(asked)
    await timed('wait', () => setTimeout(wait))
    const id_token = await timed('login', () => signIn({ sub, nonce, ago: '0' }))
    const proved = await timed('prove', () => post('/freshness', 200, { body: { challenge, id_token } }))
    const token = goodToken(sub, prover.thumbprint)
    const headers = { 'Step-Up-Grant': JSON.parse(proved).grant, Authorization: `DPoP ${token}` }
    await timed('use', () => post('/approve', 200, { headers }, sha256(token)))
    return { times }
  } catch (error) {
    return { times, failure: `${leg}: ${error instanceof Error ? error.message : error}` }
  }
}

serveMessages(async seconds => {
  const stepUps: Promise<StepUp>[] = []
  for (let second = 0; second < Number(seconds); second++) {
    stepUps.push(stepUp())
    await setTimeout(1_000)
  }
  return Promise.all(stepUps)
})
