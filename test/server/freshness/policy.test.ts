import { describe, expect, it } from 'vitest'
import type { ActionPolicy } from '../../../src/server/freshness/policy.ts'
import { policyDigest } from '../../../src/server/freshness/policy-digest.ts'

const policy: ActionPolicy = { maxAge: 300 }

describe('the digest of a policy', () => {
  it.each<[string, ActionPolicy]>([
    ['reauthenticate: false', { maxAge: 300, reauthenticate: false }],
    ["context: 'optional'", { maxAge: 300, context: 'optional' }],
    ['another life of its grants', { maxAge: 300, grant: { ttl: 5 } }],
  ])('stays the same with %s, which demands nothing more of a login', async (_, same) => {
    expect(await policyDigest(same)).toBe(await policyDigest(policy))
  })

  it.each<[string, ActionPolicy]>([
    ['maxAge', { maxAge: 301 }],
    ['reauthenticate', { maxAge: 300, reauthenticate: true }],
    ['acrValues', { maxAge: 300, acrValues: ['a'] }],
    ['amr', { maxAge: 300, amr: ['a'] }],
    ['context', { maxAge: 300, context: 'required' }],
    ['localIdp', { maxAge: 300, localIdp: () => true }],
  ])('changes with another %s', async (_, other) => {
    expect(await policyDigest(other)).not.toBe(await policyDigest(policy))
  })
})
