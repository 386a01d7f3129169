import { describe, expect, it } from 'vitest'
import { AuthorizationResponseError } from '../../src/core/errors.ts'
import { readAuthorizationResponse } from '../../src/op/authorization-response.ts'

const op = { issuer: 'https://op.example', authorization_response_iss_parameter_supported: true }
const iss = encodeURIComponent(op.issuer)

function refusal(params: string, metadata: typeof op | { issuer: string } = op): AuthorizationResponseError {
  try {
    readAuthorizationResponse(params, { state: 's1' }, metadata)
  } catch (error) {
    if (error instanceof AuthorizationResponseError) return error
  }
  throw new Error('was not refused')
}

it('returns the code of a response to this transaction', () => {
  expect(readAuthorizationResponse(`code=c&state=s1&iss=${iss}`, { state: 's1' }, op)).toBe('c')
})

it('takes a response without iss from an OP that does not advertise it', () => {
  expect(readAuthorizationResponse('code=c&state=s1', { state: 's1' }, { issuer: op.issuer })).toBe('c')
})

it.each([
  ['another transaction', `code=c&state=s2&iss=${iss}`, 'state_mismatch'],
  ['no transaction', `code=c&iss=${iss}`, 'state_mismatch'],
  ['another issuer', 'code=c&state=s1&iss=https%3A%2F%2Fevil.example', 'iss_mismatch'],
  ['no issuer where one is advertised', 'code=c&state=s1', 'iss_mismatch'],
  [
    'an error of another issuer',
    'error=login_required&state=s1&iss=https%3A%2F%2Fevil.example',
    'iss_mismatch',
  ],
  ['two codes', `code=c&code=d&state=s1&iss=${iss}`, 'duplicate_parameter'],
  ['two states', `code=c&state=s1&state=s1&iss=${iss}`, 'duplicate_parameter'],
  ['no code', `state=s1&iss=${iss}`, 'code_missing'],
  ['an empty code', `code=&state=s1&iss=${iss}`, 'code_missing'],
  ['which the callback page could keep nothing', '', 'response_not_kept'],
])('refuses a response of %s', (_, params, error) => {
  expect(refusal(params)).toMatchObject({ code: 'authorization_failed', error })
})

it('refuses a wrong issuer also of an OP that does not advertise it', () => {
  expect(refusal('code=c&state=s1&iss=https%3A%2F%2Fevil.example', { issuer: op.issuer }).error).toBe(
    'iss_mismatch',
  )
})

describe('an error response', () => {
  it.each(['login_required', 'interaction_required', 'consent_required', 'account_selection_required'])(
    '%s means that the person must be asked',
    error => {
      expect(refusal(`error=${error}&state=s1&iss=${iss}`)).toMatchObject({
        code: 'interaction_required',
        error,
      })
    },
  )

  it('unmet_authentication_requirements means that asking again would not help', () => {
    const params = `error=unmet_authentication_requirements&state=s1&iss=${iss}`
    expect(refusal(params).code).toBe('step_up_unmet')
  })

  it('keeps every field the OP sent, text as it came, and no secret', () => {
    const description = `<b>Füße</b> ${'x'.repeat(5000)}`
    const fields = {
      error: 'access_denied',
      error_description: description,
      error_reason: 'weil',
      state: 's1',
    }
    const params = new URLSearchParams({ ...fields, iss: op.issuer, code: 'c', id_token: 't' })
    expect(refusal(params.toString()).parameters).toEqual({
      error: 'access_denied',
      error_description: description,
      error_reason: 'weil',
      iss: op.issuer,
    })
  })
})
