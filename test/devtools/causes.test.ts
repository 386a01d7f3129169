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
  [refused('invalid_scope'), /invalid_scope: .*`scope`/, null],
  [
    refused('invalid_scope', 'scope "nope" is unknown'),
    /\. The OpenID Provider says: “scope "nope" is unknown”$/,
    null,
  ],
  [refused('invalid_scope', ''), /there$/, null],
  [refused('invalid_request'), /invalid_request$/, /`callbackUrl`/],
  [idToken('iss'), /iss is mismatch$/, /`issuer`/],
  [idToken('aud'), /aud is mismatch$/, /`clientId`/],
  [idToken('c_hash'), /c_hash is mismatch$/, null],
  [windowClosed, /window was closed/, /`clientId`/],
  [{ ...windowClosed, reason: 'dismissed' }, /said no/, null],
  [{ ...windowClosed, reason: 'aborted' }, /ended/, null],
  [{ code: 'network', message: 'not reached' }, /^not reached$/, null],
  [{ code: 'configuration_invalid', message: 'set this' }, /^set this$/, null],
])('%j has its cause in plain words, and what to look at', (failure, what, hint) => {
  const cause = causeOf(failure)
  expect(cause.what).toMatch(what)
  if (hint === null) expect(cause.hint).toBeNull()
  else expect(cause.hint).toMatch(hint)
})
