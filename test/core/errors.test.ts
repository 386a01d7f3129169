import * as client from 'afresh/client'
import { type AnyAuthError, AuthError, type AuthState, isAuthError, NetworkError } from 'afresh/client'
import { describe, expect, expectTypeOf, it, vi } from 'vitest'
import type * as Errors from '../../src/core/errors.ts'
import { GuardError } from '../../src/server/index.ts'

/** Every error class that the client exports, with an instance: their constructors take different things. */
const errors: readonly [string, AuthError][] = Object.entries(client).flatMap(([name, value]) => {
  const isErrorClass = typeof value === 'function' && value.prototype instanceof AuthError
  return isErrorClass ? [[name, Reflect.construct(value, ['x', 'y'])] as const] : []
})

describe('the name of an error', () => {
  it('every error class is tested here', () => {
    expect(errors).toHaveLength(11)
  })

  it.each(errors)('%s is the class’s, written out so that a minifier cannot change it', (name, error) => {
    expect(error.name).toBe(name)
  })

  it('is GuardError on the server', () => {
    expect(new GuardError('invalid_token', { status: 401, headers: {} }).name).toBe('GuardError')
  })
})

describe('isAuthError', () => {
  it.each(errors)('knows %s', (_, error) => {
    expect(isAuthError(error)).toBe(true)
  })

  it('knows an error of another copy of the package, which instanceof does not', async () => {
    vi.resetModules()
    const copy = await vi.importActual<typeof Errors>('../../src/core/errors.ts?copy')
    const error: unknown = new copy.NetworkError('no')
    expect(error instanceof NetworkError).toBe(false)
    expect(isAuthError(error)).toBe(true)
  })

  class OwnError extends AuthError {
    readonly code = 'own'
  }
  it.each([
    ['an error of the app’s own that looks like one', Object.assign(new Error('no'), { code: 'network' })],
    ['an error of a class that the app has derived', new OwnError()],
    ['a GuardError', new GuardError('step_up_required', { status: 401, headers: {} })],
    ['an object that is no error', { ...new NetworkError('no') }],
    ['nothing', undefined],
  ])('does not take %s', (_, error) => {
    expect(isAuthError(error)).toBe(false)
  })

  it('narrows what is caught, and the state’s errors need no cast', () => {
    const inWords = (error: AnyAuthError): string => error.code
    const show = (caught: unknown, { session }: AuthState): (string | undefined)[] => [
      isAuthError(caught) ? inWords(caught) : undefined,
      session.status === 'anonymous' && session.error ? inWords(session.error) : undefined,
      session.status === 'authenticated' && session.renewal.status !== 'ok'
        ? inWords(session.renewal.error)
        : undefined,
    ]
    expectTypeOf(show).returns.toEqualTypeOf<(string | undefined)[]>()
  })
})

describe('the message of an answer that is an error', () => {
  const says = (error: string, parameters = {}): string =>
    new client.AuthorizationResponseError(error, parameters).message

  it('tells the OP’s own error from an answer that was refused here', () => {
    const [own, refused] = [says('state_mismatch', { error: 'state_mismatch' }), says('state_mismatch')]
    expect(own).not.toBe(refused)
    for (const one of [own, refused]) expect(one).toContain('state_mismatch')
  })

  it.each([
    ['invalid_scope', '`scope`'],
    ['invalid_client', '`clientId`'],
    ['unauthorized_client', 'authorization code grant'],
    ['invalid_target', '`resource`'],
    ['iss_mismatch', '`issuer`'],
    ['response_not_kept', 'sessionStorage'],
  ])('for %s names what to change: %s', (error, named) => {
    expect(says(error, { error })).toContain(named)
  })

  it.each(['constructor', 'vendor_error'])('is the code alone for %s, which nothing is known of', error => {
    expect(says(error, { error })).toMatch(new RegExp(` ${error}$`))
  })
})
