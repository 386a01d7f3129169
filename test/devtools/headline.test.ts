import { describe, expect, it } from 'vitest'
import type { AuthLogEvent } from '../../src/client/log-events.ts'
import { IdTokenError, NetworkError } from '../../src/core/errors.ts'
import { initialState } from '../../src/core/machine/state.ts'
import { headlineOf } from '../../src/devtools/headline.ts'
import { anonymous, logged, options, refused, signedInAs, windowClosed } from './samples.ts'

const missing = (cause?: AuthLogEvent & { type: 'session.anonymous' }): AuthLogEvent =>
  cause ?? { type: 'session.anonymous', reason: 'login_required' }
const signInFailed: AuthLogEvent = { type: 'sign_in.failed', ...refused('invalid_scope') }

describe('the first line names the cause', () => {
  it.each<[string, AuthLogEvent[], RegExp]>([
    ['of a sign-in that failed', [missing(), signInFailed], /invalid_scope/],
    [
      'of a search for a session that failed',
      [{ type: 'session.anonymous', reason: 'failed', cause: { code: 'network', message: 'not reached' } }],
      /not reached/,
    ],
    [
      'of the last failure',
      [signInFailed, { type: 'sign_in.failed', code: 'timeout', message: 'no answer' }],
      /no answer/,
    ],
    [
      'of a window that was closed',
      [missing(), { type: 'sign_in.failed', ...windowClosed }],
      /window was closed/,
    ],
    [
      'although something else came in between',
      [
        signInFailed,
        {
          type: 'interaction.failed',
          ...windowClosed,
          reason: 'superseded',
          message: 'The interaction ended',
        },
      ],
      /invalid_scope/,
    ],
  ])('%s', (_, events, what) => {
    const headline = headlineOf({ options, state: anonymous('login_required'), entries: logged(...events) })
    expect(headline).toMatchObject({
      tone: 'bad',
      status: 'not signed in',
      what: expect.stringMatching(what),
    })
  })

  it('of the session’s own error, where no event tells more', () => {
    const error = new IdTokenError('aud', 'mismatch')
    const headline = headlineOf({ options, state: anonymous('failed', { error }), entries: [] })
    expect(headline).toMatchObject({ tone: 'bad', what: expect.stringContaining('`aud`') })
    expect(headline.hint).toContain('`clientId`')
  })

  it('of a scope that the OP refuses, and what was asked for', () => {
    const { hint } = headlineOf({
      options,
      state: anonymous('login_required'),
      entries: logged(signInFailed),
    })
    expect(hint).toBe('The app asked for “openid profile email”.')
  })

  it('of a renewal that fails', () => {
    const renewal = { status: 'failing', error: new NetworkError('not reached') }
    const headline = headlineOf({ options, state: signedInAs({}, { renewal }), entries: [] })
    expect(headline).toMatchObject({
      tone: 'bad',
      status: 'signed in',
      what: expect.stringContaining('not reached'),
    })
  })

  it.each<[string, object, AuthLogEvent[]]>([
    [
      'by its event',
      {},
      [{ type: 'session.signed_in' }, { type: 'sign_in.failed', ...refused('access_denied') }],
    ],
    ['by the session’s own error', { error: new NetworkError('access_denied') }, []],
  ])('of a switch of accounts, %s', (_, session, events) => {
    expect(headlineOf({ options, state: signedInAs({}, session), entries: logged(...events) })).toMatchObject(
      {
        tone: 'bad',
        what: expect.stringMatching(/^The last sign-in failed: .*access_denied/),
      },
    )
  })

  it('of the last step-up', () => {
    const entries = logged({ type: 'step_up.failed', action: 'a', ...refused('access_denied') })
    expect(headlineOf({ options, state: signedInAs(), entries })).toMatchObject({
      tone: 'bad',
      what: expect.stringContaining('access_denied'),
    })
  })
})

describe('the first line names no failure', () => {
  it.each<[string, AuthLogEvent[]]>([
    ['without one', [missing()]],
    [
      'of a session that has ended since',
      [signInFailed, { type: 'session.signed_in' }, { type: 'session.signed_out' }],
    ],
    ['that the app has caused', [{ type: 'interaction.failed', ...windowClosed, reason: 'aborted' }]],
  ])('%s', (_, events) => {
    const headline = headlineOf({ options, state: anonymous('signed_out'), entries: logged(...events) })
    expect(headline).toMatchObject({ tone: 'plain', what: expect.stringContaining('signed out') })
  })

  it('of a step-up that the person did not want', () => {
    const entries = logged({ type: 'step_up.failed', action: 'a', ...windowClosed, reason: 'dismissed' })
    expect(headlineOf({ options, state: signedInAs(), entries }).tone).toBe('good')
  })

  it('of a page before', () => {
    const entries = [...logged(signInFailed), { at: 2000, type: 'loaded' } as const]
    expect(headlineOf({ options, state: anonymous('login_required'), entries }).tone).toBe('plain')
  })

  it('of a step-up that has worked since', () => {
    const failed: AuthLogEvent = { type: 'step_up.failed', action: 'a', ...windowClosed }
    const entries = logged(failed, { type: 'freshness.granted', action: 'a' })
    expect(headlineOf({ options, state: signedInAs(), entries: logged(failed) }).tone).toBe('bad')
    expect(headlineOf({ options, state: signedInAs(), entries }).what).toBe('Signed in as Josh Rivera')
  })
})

it('while it is not known who is signed in, the first line says so', () => {
  expect(headlineOf({ options, state: initialState, entries: [] }).tone).toBe('wait')
})

it('while a sign-in is under way, the first line says so', () => {
  const visit = {
    type: 'visit',
    id: '1',
    ladder: ['popup'],
    goal: { kind: 'sign_in' },
    place: { at: 'redirect' },
  } as const
  const state = { ...anonymous('login_required'), interactions: [visit] }
  expect(headlineOf({ options, state, entries: logged(missing()) })).toMatchObject({ tone: 'wait' })
})

it('a search that gave no answer looks bad also without a cause', () => {
  expect(headlineOf({ options, state: anonymous('timeout'), entries: [] }).tone).toBe('bad')
})
