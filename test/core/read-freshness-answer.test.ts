import { describe, expect, it } from 'vitest'
import { readAnswer } from '../../src/core/read-freshness-answer.ts'

const challenged = { status: 'challenged', challenge: 'c', nonce: 'n', expires_in: 600 }

describe('a challenged answer', () => {
  it('from a server that knows no wait is read in full', () => {
    const whole = { ...challenged, prompt: 'login', max_age: 0, acr_values: 'gold silver' }
    expect(readAnswer(whole)).toEqual(whole)
  })

  it('is read without the members that this version does not know', () => {
    expect(readAnswer({ ...challenged, mood: 'new', error: 7, grant: 'g' })).toEqual(challenged)
  })

  it.each([
    [1, 1],
    [86_400, 86_400],
    [86_401, 86_400],
    [3_000_000, 86_400],
    [0, 600],
    [-1, 600],
    [Number.NaN, 600],
    [Number.POSITIVE_INFINITY, 600],
    ['60', 600],
    [null, 600],
    [undefined, 600],
  ])('with an expires_in of %j is good for %s s', (expires_in, seconds) => {
    expect(readAnswer({ ...challenged, expires_in })).toMatchObject({ expires_in: seconds })
  })

  it.each(['prompt', 'max_age', 'acr_values', 'wait'])('may lack %s, or have null there', name => {
    expect(readAnswer({ ...challenged, [name]: null })).toEqual(challenged)
    expect(readAnswer({ ...challenged, [name]: undefined })).toEqual(challenged)
  })

  it.each([
    ['no challenge', { challenge: undefined }],
    ['an empty challenge', { challenge: '' }],
    ['no nonce', { nonce: undefined }],
    ['a nonce that is no text', { nonce: 7 }],
    ['a max_age that is text', { max_age: '60' }],
    ['a max_age that is negative', { max_age: -1 }],
    ['a max_age that is NaN', { max_age: Number.NaN }],
    ['a prompt that is no text', { prompt: ['login'] }],
    ['acr_values that are a list', { acr_values: ['gold'] }],
  ])('with %s is refused', (_, changes) => {
    expect(readAnswer({ ...challenged, ...changes })).toBeNull()
  })

  it.each([
    [1, 1],
    [412, 412],
    [1000, 1000],
    [0.4, 1],
    [411.2, 412],
    [1001, 1000],
    [86_400_000, 1000],
    [Number.POSITIVE_INFINITY, 1000],
    [0, undefined],
    [-1, undefined],
    [Number.NEGATIVE_INFINITY, undefined],
    [Number.NaN, undefined],
    ['412', undefined],
    [true, undefined],
    [[412], undefined],
    [{}, undefined],
    [null, undefined],
  ])('with a wait of %j says to wait %s ms', (wait, milliseconds) => {
    expect(readAnswer({ ...challenged, wait })).toEqual(
      milliseconds === undefined ? challenged : { ...challenged, wait: milliseconds },
    )
  })
})

it.each([
  [{ status: 'granted', grant: 'g', expires_in: 60 }],
  [{ status: 'denied', error: 'stale' }],
  [{ status: 'failed', error: 'unknown_action' }],
])('readAnswer reads %j', answer => {
  expect(readAnswer({ ...answer, more: 1 })).toEqual(answer)
})

it.each([
  [null],
  ['granted'],
  [[]],
  [{}],
  [{ status: 'granted' }],
  [{ status: 'granted', grant: 7 }],
  [{ status: 'denied' }],
  [{ status: 'failed', error: { code: 'x' } }],
  [{ status: 'other', error: 'stale' }],
  [{ error: 'stale' }],
])('readAnswer refuses %j', body => {
  expect(readAnswer(body)).toBeNull()
})

describe('a denied answer', () => {
  it('is read with its description as one readable line, if it has one', () => {
    const denied = { status: 'denied', error: 'invalid_token' }
    expect(readAnswer(denied)).toEqual(denied)
    const described = { ...denied, error_description: 'aud is\nuntrusted' }
    expect(readAnswer(described)).toEqual({ ...denied, error_description: 'aud is untrusted' })
    expect(readAnswer({ ...denied, error_description: 7 })).toEqual(denied)
    expect(readAnswer({ ...described, error: '' })).toBeNull()
  })
})

describe('what a newer guard adds', () => {
  it('is the words of the backend, as text alone', () => {
    const display = { title: 'Approve 250.00\u202e', facts: { To: 'Northwind\nPaper', Amount: 5 } }
    expect(readAnswer({ ...challenged, display })).toEqual({
      ...challenged,
      display: { title: 'Approve 250.00', facts: { To: 'Northwind Paper' } },
    })
  })

  it.each([null, '', 5, {}, { title: '' }])('is no display of %j', display => {
    expect(readAnswer({ ...challenged, display })).toEqual(challenged)
  })

  it.each([
    [true, true],
    [false, undefined],
    ['true', undefined],
    [1, undefined],
  ])('is pushed where that is %j: %j', (pushed, expected) => {
    expect(readAnswer({ ...challenged, pushed })).toHaveProperty('status', 'challenged')
    expect(readAnswer({ ...challenged, pushed })).toEqual({
      ...challenged,
      ...(expected && { pushed: true }),
    })
  })

  const pushed = { status: 'pushed', client_id: 'c', request_uri: 'urn:r', state: 's', expires_in: 60 }

  it('is the answer to a Push', () => {
    expect(readAnswer({ ...pushed, mood: 'new' })).toEqual(pushed)
    expect(readAnswer({ ...pushed, expires_in: 'soon' })).toEqual({ ...pushed, expires_in: 0 })
  })

  it.each(['client_id', 'request_uri', 'state'])('is no answer to a Push without %s', name => {
    expect(readAnswer({ ...pushed, [name]: '' })).toBeNull()
    expect(readAnswer({ ...pushed, [name]: undefined })).toBeNull()
  })
})
