import { afterEach, expect, it, vi } from 'vitest'
import { createTrails } from '../../../src/server/audit/trail.ts'
import type { AuditEvent } from '../../../src/server/index.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const refused = { event: 'refused', reason: 'grant_expired' } as const

it('an event has what became known, the time in milliseconds, and how long it took', () => {
  const events: AuditEvent[] = []
  vi.spyOn(performance, 'now').mockReturnValueOnce(1_000).mockReturnValueOnce(1_012.5)
  const trail = createTrails(
    event => events.push(event),
    () => 1_800_000_000.123,
    vi.fn(),
  )({ step: 'endpoint', client: 'app' })
  trail.note({ step: 'use', action: 'pay', sub: 'josh' })
  trail.note({ jti: 'g' })
  trail.end({ ...refused, detail: undefined })
  expect(events).toEqual([
    {
      ...refused,
      step: 'use',
      at: 1_800_000_000_123,
      duration: 12.5,
      action: 'pay',
      sub: 'josh',
      jti: 'g',
      client: 'app',
    },
  ])
})

it('nothing of a token gets into an event but its jti, its action and its person', () => {
  const events: AuditEvent[] = []
  const trail = createTrails(
    event => events.push(event),
    () => 0,
    vi.fn(),
  )({ step: 'use' })
  trail.note(Object.assign({ jti: 'g' }, { binding: 'secret', context_hash: 'secret' }))
  trail.end(refused)
  expect(JSON.stringify(events)).not.toContain('secret')
})

it.each<[string, (event: AuditEvent) => unknown, () => number, number]>([
  [
    'throws',
    () => {
      throw new Error('no log')
    },
    () => 0,
    1,
  ],
  ['rejects', () => Promise.reject(new Error('no log')), () => 0, 1],
  ['hangs', () => new Promise(() => {}), () => 0, 0],
  ['is told the time by a clock that throws', () => undefined, () => JSON.parse('no time'), 1],
])('an audit that %s touches no answer, and its failure is heard', async (_, audit, clock, failures) => {
  const onFailure = vi.fn()
  const unhandled = vi.fn()
  process.once('unhandledRejection', unhandled)
  expect(createTrails(audit, clock, onFailure)({ step: 'use' }).end(refused)).toBeUndefined()
  await new Promise(resolve => setImmediate(resolve))
  process.off('unhandledRejection', unhandled)
  expect(unhandled).not.toHaveBeenCalled()
  expect(onFailure).toHaveBeenCalledTimes(failures)
})
