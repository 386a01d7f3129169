import { expect, it } from 'vitest'
import { notSignedIn } from '../../src/client/not-signed-in.ts'
import { InteractionRequiredError } from '../../src/core/errors.ts'

it('an error of a page without a session is like the OP’s, but does not blame the OP', () => {
  const error = notSignedIn()
  expect(error).toBeInstanceOf(InteractionRequiredError)
  expect(error).toMatchObject({ code: 'interaction_required', error: 'login_required', parameters: {} })
  expect(error.message).toBe('No person is signed in')
})
