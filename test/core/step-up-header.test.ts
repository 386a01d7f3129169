import { expect, it } from 'vitest'
import { parseStepUpHeader } from '../../src/core/step-up-header.ts'

const claims = { access_token: { acrs: { essential: true, value: 'c1' }, '¿?>~': null } }
const base64 = Buffer.from(JSON.stringify(claims)).toString('base64')
const base64url = Buffer.from(JSON.stringify(claims)).toString('base64url')
const about = (parameter: string, scheme = 'Bearer'): string =>
  `${scheme} realm="", authorization_uri="https://op.example/authorize", error="insufficient_claims"${parameter}`
const tooLong = Buffer.from(JSON.stringify({ access_token: { x: 'x'.repeat(3100) } })).toString('base64')

it.each([
  ['base64', about(`, claims="${base64}"`)],
  ['base64 without its padding', about(`, claims="${base64.replace(/=+$/, '')}"`)],
  ['base64url', about(`, claims="${base64url}"`)],
  ['base64 behind another challenge', `Basic realm="x", ${about(`, claims="${base64}"`)}`],
])('reads a claims challenge in %s', (_, header) => {
  expect(parseStepUpHeader(header)).toEqual({ scheme: 'Bearer', claims })
})

it('reads the scheme of a claims challenge', () => {
  expect(parseStepUpHeader(about(`, claims="${base64}"`, 'dpop'))).toEqual({ scheme: 'DPoP', claims })
})

it.each([
  ['no claims', about('')],
  ['claims that are no base64', about(', claims="{}"')],
  ['claims that are no JSON', about(`, claims="${btoa('acrs')}"`)],
  ['claims that are a list', about(`, claims="${btoa('[1]')}"`)],
  ['claims that are null', about(`, claims="${btoa('null')}"`)],
  ['claims of which one is a text', about(`, claims="${btoa('{"id_token":"acrs"}')}"`)],
  ['no claim in them', about(`, claims="${btoa('{}')}"`)],
  ['too many claims', about(`, claims="${tooLong}"`)],
  ['a scheme that carries no token', about(`, claims="${base64}"`, 'Negotiate')],
])('finds no demand in a claims challenge with %s', (_, header) => {
  expect(parseStepUpHeader(header)).toBeNull()
})

it('reads a demand for a fresher login that comes after a claims challenge which cannot be read', () => {
  const header = `${about('')}, Bearer error="insufficient_user_authentication", max_age="60"`
  expect(parseStepUpHeader(header)).toEqual({ scheme: 'Bearer', maxAge: 60 })
})
