import { afterEach, beforeEach, expect, it } from 'vitest'
import { stepFinding } from '../../src/doctor/outcome.ts'
import type { StepName } from '../../src/doctor/steps.ts'
import { createVisits, type Visits } from '../../src/doctor/visits.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { ManualClock } from '../support/shop.ts'

const origin = 'http://localhost:5173'
let op: ScriptedOp
let visits: Visits
const clock = new ManualClock()

beforeEach(async () => {
  clock.time = Math.floor(Date.now() / 1000) - 60
  op = await startOp(clock.now)
  const endpoints = { authorization_endpoint: `${op.issuer}/authorize`, token_endpoint: `${op.issuer}/token` }
  const metadata = { issuer: op.issuer, ...endpoints, jwks_uri: `${op.issuer}/jwks` }
  visits = createVisits(
    { ...metadata, claims_parameter_supported: true },
    { issuer: op.issuer, clientId: 'payments', origin, seconds: 2 },
    `${origin}/auth/callback.html`,
  )
})
afterEach(() => op.close())

const sent = (step: StepName) => Object.fromEntries(new URL(visits.begin(step).url).searchParams)

async function take(step: StepName, claims: object = {}) {
  clock.advance(3)
  const visit = visits.begin(step)
  const answer = op.authorize(visit.url, { claims: { ...claims } })
  const outcome = await visits.redeem(visit, new URLSearchParams(answer))
  return { [step]: outcome }
}

it('the doctor asks as the client does, with new values each time', async () => {
  const [first, second] = [sent('sign-in'), sent('sign-in')]
  expect(first).toMatchObject({ response_type: 'code', scope: 'openid', code_challenge_method: 'S256' })
  expect(JSON.parse(first.claims ?? '')).toEqual({ id_token: { auth_time: { essential: true } } })
  for (const name of ['state', 'nonce', 'code_challenge']) expect(first[name]).not.toBe(second[name])
  expect(first).not.toHaveProperty('prompt')
  // max_age=0 is never sent: some loop on it, ignore it or refuse it.
  expect(sent('prompt=login')).toMatchObject({ prompt: 'login', max_age: '60' })
  expect(sent('max_age')).toMatchObject({ max_age: '1' })
  expect(sent('top-level')).toMatchObject({ prompt: 'none' })
  expect(sent('top-level')).not.toHaveProperty('id_token_hint')
  await take('sign-in')
  expect(sent('iframe')).toMatchObject({ prompt: 'none', id_token_hint: expect.any(String) })
})

it('auth_time moves when it is later than the last ID Token’s', async () => {
  const first = await take('sign-in')
  const { auth_time: authTime } = (first['sign-in'] as { claims: { auth_time?: unknown } }).claims
  const same = await take('prompt=login', { auth_time: authTime })
  expect(stepFinding('prompt=login', { ...first, ...same })?.level).toBe('risk')
  const newer = await take('prompt=login')
  expect(stepFinding('prompt=login', { ...first, ...newer })?.level).toBe('good')
})

it('auth_time moves, where the last ID Token had none, when it is later than that one’s iat', async () => {
  const first = await take('sign-in', { auth_time: undefined })
  const issued = clock.time
  const same = await take('prompt=login', { auth_time: issued })
  expect(stepFinding('prompt=login', { ...first, ...same })?.level).toBe('risk')
})

it('auth_time that moves in silence is a risk, unless the person may have signed in meanwhile', async () => {
  const first = await take('sign-in')
  const moved = await take('top-level')
  expect(stepFinding('top-level', { ...first, ...moved })?.level).toBe('risk')
  visits.begin('prompt=login')
  const later = await take('top-level')
  expect(stepFinding('top-level', { ...first, ...later })?.level).toBe('good')
})
