import { expect, it } from 'vitest'
import type { AuthLogEvent } from '../../src/client/log-events.ts'
import { wordsOf } from '../../src/devtools/words.ts'
import { refused } from './samples.ts'

it('an event has its kind, how it looks and a sentence', () => {
  expect(wordsOf({ type: 'freshness.granted', action: 'payment.approve' })).toEqual({
    kind: 'step-up',
    tone: 'good',
    title: 'The backend has given a grant',
  })
})

it('that no person is signed in looks bad only where something has failed', () => {
  expect(wordsOf({ type: 'session.anonymous', reason: 'login_required' }).tone).toBe('plain')
  const failed = { type: 'session.anonymous', reason: 'failed', cause: refused('invalid_scope') } as const
  expect(wordsOf(failed).tone).toBe('bad')
})

it('an event that this version does not know is named by its type', () => {
  expect(wordsOf({ type: 'session.frozen' } as unknown as AuthLogEvent)).toMatchObject({
    title: 'session.frozen',
  })
})
