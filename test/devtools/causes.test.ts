import { expect, it } from 'vitest'
import type { Failure } from '../../src/client/log-events.ts'
import { causeOf } from '../../src/devtools/causes.ts'
import { refused, windowClosed } from './samples.ts'

const idToken = (claim: string): Failure => ({
  code: 'id_token_invalid',
  message: `ID Token refused: ${claim} is mismatch`,
  claim,
  reason: 'mismatch',
})

it.each<[Failure, RegExp, RegExp | null]>([
  [refused('invalid_scope'), /^The provider refuses a scope .* \(invalid_scope\)$/, /`scope`/],
  [refused('unauthorized_client'), /\(unauthorized_client\)$/, /`clientId`/],
  [
    refused('invalid_client', 'client is unknown'),
    /\(invalid_client\): “client is unknown”$/,
    /public client/,
  ],
  [refused('invalid_request'), /\(invalid_request\)$/, /`callbackUrl`/],
  [refused('of_this_vendor'), /refused: of_this_vendor$/, null],
  [refused('constructor'), /refused: constructor$/, null],
  [idToken('iss'), /iss is mismatch$/, /`issuer`/],
  [idToken('aud'), /aud is mismatch$/, /`clientId`/],
  [idToken('c_hash'), /c_hash is mismatch$/, null],
  [windowClosed, /window was closed/, /`clientId`/],
  [{ ...windowClosed, reason: 'dismissed' }, /said no/, null],
  [{ ...windowClosed, reason: 'aborted', message: 'ended: aborted' }, /aborted/, null],
  [{ code: 'network', message: 'not reached' }, /^not reached$/, /CORS/],
  [{ code: 'configuration_invalid', message: 'set this' }, /^set this$/, null],
])('%j has its cause in plain words, and what to look at', (failure, what, hint) => {
  const cause = causeOf(failure)
  expect(cause.what).toMatch(what)
  if (hint === null) expect(cause.hint).toBeNull()
  else expect(cause.hint).toMatch(hint)
})
