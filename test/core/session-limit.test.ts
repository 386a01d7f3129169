import { describe, expect, it } from 'vitest'
import { limitAt } from '../../src/core/session-limit.ts'

const times = { signedInAt: 1000, lastActive: 1500 }
const rules = { idle: 600, absolute: 3600, warnBefore: 60 }

describe('the limits of a session', () => {
  it.each([
    [2039, { warns: false, isOver: false, changesIn: 1 }],
    [2040, { warns: true, isOver: false, changesIn: 60 }],
    [2099, { warns: true, isOver: false, changesIn: 1 }],
    [2100, { warns: true, isOver: true, changesIn: 0 }],
    [9000, { warns: true, isOver: true, changesIn: -6900 }],
  ])('say at %i what is so and for how long', (now, expected) => {
    expect(limitAt(now, times, rules)).toEqual({ endsAt: 2100, reason: 'idle', ...expected })
  })

  it.each([
    [{ idle: 600, absolute: 1101 }, 'idle', 2100],
    [{ idle: 600, absolute: 1100 }, 'absolute', 2100],
    [{ idle: 600, absolute: 1099 }, 'absolute', 2099],
    [{ idle: Infinity, absolute: 3600 }, 'absolute', 4600],
    [{ idle: 600, absolute: Infinity }, 'idle', 2100],
  ])('with %j end by %s at %i', (limits, reason, endsAt) => {
    expect(limitAt(1600, times, { ...limits, warnBefore: 60 })).toMatchObject({ reason, endsAt })
  })

  it('never end a session without limits', () => {
    const limits = { idle: Infinity, absolute: Infinity, warnBefore: 60 }
    expect(limitAt(9e9, times, limits)).toMatchObject({ endsAt: Infinity, warns: false, isOver: false })
  })
})
