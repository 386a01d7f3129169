import { describe, expect, it } from 'vitest'
import { type Exchange, opRequestName, roundTrips } from './traffic.ts'

const exchange = (startedAt: number, endedAt: number): Exchange => ({
  to: 'op',
  name: 'token',
  startedAt,
  endedAt,
  status: 200,
})

describe('roundTrips', () => {
  it('counts requests that wait for one another', () => {
    expect(roundTrips([exchange(0, 50), exchange(51, 101), exchange(110, 160)])).toBe(3)
  })

  it('counts requests made together once', () => {
    expect(roundTrips([exchange(0, 50), exchange(55, 120), exchange(60, 110), exchange(65, 115)])).toBe(2)
  })

  it('takes the longest chain beside a slow request', () => {
    expect(roundTrips([exchange(0, 200), exchange(0, 50), exchange(60, 110)])).toBe(2)
  })
})

it.each([
  ['GET', '/auth', 'authorize'],
  ['GET', '/auth/Zx_9-q', 'resume'],
  ['GET', '/interaction/Zx_9-q', 'login'],
  ['OPTIONS', '/token', 'preflight'],
  ['GET', '/.well-known/openid-configuration', 'discovery'],
])('%s %s is called %s', (method, path, name) => {
  expect(opRequestName(method, path)).toBe(name)
})
