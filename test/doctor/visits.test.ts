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
  visits = visitsWith({ claims_parameter_supported: true })
})
afterEach(() => op.close())

function visitsWith(more: object, asksByAge = true): Visits {
  const endpoints = { authorization_endpoint: `${op.issuer}/authorize`, token_endpoint: `${op.issuer}/token` }
  const metadata = { issuer: op.issuer, ...endpoints, jwks_uri: `${op.issuer}/jwks` }
  return createVisits(
    { ...metadata, ...more },
    { issuer: op.issuer, clientId: 'payments', origin, seconds: 2 },
    `${origin}/auth/callback.html`,
    { asksByAge },
  )
}

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

it('the doctor asks for auth_time by an age that no login has, where the client does', () => {
  visits = visitsWith({})
  expect(sent('sign-in')).toMatchObject({ max_age: '31536000' })
  expect(sent('top-level')).toMatchObject({ prompt: 'none', max_age: '31536000' })
  expect(sent('prompt=login')).toMatchObject({ max_age: '60' })
  visits = visitsWith({}, false)
  expect(sent('sign-in')).not.toHaveProperty('max_age')
})

it('auth_time has not moved to the time at which an ID Token was issued that is dated back', async () => {
  clock.time = Math.floor(Date.now() / 1000)
  const first = await take('sign-in', { auth_time: undefined, iat: clock.time - 300 })
  const same = await take('prompt=login', { auth_time: clock.time - 3, iat: clock.time - 300 })
  expect(stepFinding('prompt=login', { ...first, ...same })?.level).toBe('risk')
  const newer = await take('prompt=login', { auth_time: clock.time + 6, iat: clock.time - 297 })
  expect(stepFinding('prompt=login', { ...first, ...newer })?.level).toBe('good')
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

it('the app’s profile may trust other audiences, so the doctor takes a token for several that is ours', async () => {
  expect(await take('sign-in', { aud: ['payments', 'project'], azp: 'payments' })).toMatchObject({
    'sign-in': { type: 'claims' },
  })
  for (const claims of [
    { aud: ['payments', 'project'], azp: 'other' },
    { aud: ['payments', 'project'] },
    { aud: ['project'] },
  ])
    expect(await take('sign-in', claims)).toMatchObject({ 'sign-in': { type: 'refused' } })
})

it.each([
  ['9188040d-6c67', 'claims'],
  ['', 'refused'],
  ['a/b', 'refused'],
])('where the document names a template, the issuer with %j in its gap is %s', async (tenant, type) => {
  const place = (gap: string): string => `${op.issuer}/${gap}/v2.0`
  visits = visitsWith({ issuer: place('{tenantid}') })
  const visit = visits.begin('sign-in')
  const answer = op.authorize(visit.url, { claims: { iss: place(tenant) }, response: { iss: undefined } })
  expect(await visits.redeem(visit, new URLSearchParams(answer))).toMatchObject({ type })
})

it('a login is not in the future only because iat lies back', async () => {
  clock.time = Math.floor(Date.now() / 1000)
  const first = await take('sign-in', { iat: clock.time - 300 })
  expect(first['sign-in']).toMatchObject({ lag: expect.closeTo(300, -1) })
  expect(stepFinding('sign-in', first)?.text).toMatch(/says when the person signed in/)
})
