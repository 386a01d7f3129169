import { describe, expect, it } from 'vitest'
import { type KeptPurpose, readPurpose } from '../../src/client/redirect-purpose.ts'

const common = {
  kind: 'step_up',
  action: 'payment.approve',
  expected: { iss: 'https://op.example', sub: 'josh' },
  input: { cents: 25_000 },
  idempotencyKey: 'k',
} as const
const byGuard = { by: 'guard', challenge: 'c', expiresIn: 420 } as const
const byServer = { by: 'resource_server' } as const

describe('the purpose of a redirect, read by the page that it comes back to', () => {
  it.each<KeptPurpose>([
    { kind: 'sign_in' },
    { kind: 'sign_out' },
    { kind: 'restore' },
    { ...common, asked: byGuard },
    { ...common, action: null, asked: byServer },
    { kind: 'restore', carried: { purpose: { ...common, asked: byServer }, error: null } },
  ])('is what this version keeps: %j', purpose => {
    expect(readPurpose(JSON.parse(JSON.stringify(purpose)))).toEqual(purpose)
  })

  it.each([
    ['the guard’s challenge', { challenge: 'c', expiresIn: 420 }, { asked: byGuard }],
    [
      'a challenge without a time, which is good for 600 s',
      { challenge: 'c' },
      { asked: { ...byGuard, expiresIn: 600 } },
    ],
    ['no challenge', { challenge: null }, { asked: byServer }],
    ['no challenge and no time', { challenge: null, expiresIn: null }, { asked: byServer }],
    ['an empty action', { challenge: null, action: '' }, { action: null, asked: byServer }],
  ])('is read as well where an earlier version kept %s', (_, kept, read) => {
    const purpose = { ...common, ...kept }
    const expected = { ...common, ...read }
    expect(readPurpose(purpose)).toEqual(expected)
    const error = { code: 'timeout' }
    const carried = { kind: 'restore', carried: { purpose: expected, error } }
    expect(readPurpose({ kind: 'restore', failed: { purpose, error } })).toEqual(carried)
    // As the page carries on what it has just read.
    expect(readPurpose({ kind: 'restore', carried: { purpose, error } })).toEqual(carried)
  })
})
