import { describe, expect, it } from 'vitest'
import { type LimitNow, limitAt, limitToShow } from '../../src/core/session-limit.ts'

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

  it.each([
    [{ idle: 4, absolute: Infinity, warnBefore: 60 }, 1502],
    [{ idle: 120, absolute: Infinity, warnBefore: 60 }, 1560],
    [{ idle: 121, absolute: Infinity, warnBefore: 60 }, 1561],
    [{ idle: 600, absolute: Infinity, warnBefore: Infinity }, 1800],
    [{ idle: Infinity, absolute: 700, warnBefore: 600 }, 1350],
  ])('with %j warn from %i, but never for more than half of the limit', (limits, warnsAt) => {
    const before = limitAt(warnsAt - 1, times, limits)
    expect(before).toMatchObject({ warns: false, changesIn: 1 })
    expect(limitAt(warnsAt, times, limits).warns).toBe(true)
  })

  it('never end a session without limits', () => {
    const limits = { idle: Infinity, absolute: Infinity, warnBefore: 60 }
    expect(limitAt(9e9, times, limits)).toMatchObject({ endsAt: Infinity, warns: false, isOver: false })
  })
})

describe('the limit that is shown', () => {
  const limit = (endsAt: number, warns: boolean, reason: LimitNow['reason'] = 'idle'): LimitNow => ({
    endsAt,
    reason,
    warns,
    isOver: false,
    changesIn: 1,
  })
  const calm = { id: 'old', endsAt: 2100, reason: 'idle', warns: false, isAnswered: false } as const

  it.each([
    ['while nothing has changed', limit(2100, false), calm],
    ['while its warning is up', limit(2100, true), { ...calm, warns: true }],
    ['once its warning is answered', limit(2100, true), { ...calm, isAnswered: true }],
  ])('is the same %s', (_, now, shown) => {
    expect(limitToShow(now, shown, 'new')).toBe(shown)
  })

  it.each([
    ['the first', limit(2100, false), null, false],
    ['a warning', limit(2100, true), calm, true],
    ['a later end', limit(2101, true), { ...calm, warns: true }, true],
    ['a later end after an answer', limit(2101, true), { ...calm, isAnswered: true }, true],
    ['another reason', limit(2100, true, 'absolute'), { ...calm, isAnswered: true }, true],
  ])('is a new one for %s', (_, now, shown, warns) => {
    const { endsAt, reason } = now
    expect(limitToShow(now, shown, 'new')).toEqual({ id: 'new', endsAt, reason, warns, isAnswered: false })
  })
})
