import { expect, it } from 'vitest'
import type { Finding } from '../../src/doctor/report.ts'
import { clientFinding } from '../../src/doctor/token-answer.ts'

const find = (status: number, body: unknown): Finding =>
  clientFinding({ status, headers: new Headers(), text: JSON.stringify(body) }, 'payments')

it.each<[string, number, object]>([
  ['RFC 6749 §5.2', 401, { error: 'invalid_client' }],
  ['RFC 6749 §5.2, with another status', 400, { error: 'invalid_client' }],
  ['RFC 6749 §5.2, for the grant', 400, { error: 'unauthorized_client' }],
  ['Google', 400, { error: 'invalid_request', error_description: 'client_secret is missing.' }],
  [
    'LinkedIn',
    400,
    { error: 'invalid_request', error_description: 'missing required parameters. : client_secret' },
  ],
  ['words of its own', 400, { status: 400, message: 'missing client secret' }],
  ['a status alone', 401, { error: 'access_denied', error_description: 'Unauthorized' }],
  [
    'Entra, for a web app',
    401,
    { error: 'invalid_client', error_description: 'AADSTS7000218: a secret or an assertion is needed.' },
  ],
  [
    'Entra, for an app that is not single-page',
    400,
    { error: 'invalid_request', error_description: 'AADSTS9002326: cross-origin is for another type.' },
  ],
  [
    'Entra, for an unknown app',
    400,
    { error: 'unauthorized_client', error_description: 'AADSTS700016: not found in the directory.' },
  ],
])('the app cannot be used by a refusal as %s spells it', (_, status, body) => {
  expect(find(status, body)).toMatchObject({ check: 'client', level: 'fail' })
})

it.each(['AADSTS9002326', 'AADSTS7000218'])('for %s the advice is the platform', code => {
  const { text } = find(400, { error: 'invalid_request', error_description: `${code}: no.` })
  expect(text).toContain('Single-page application')
})

it.each<[string, number, unknown, Finding['level']]>([
  ['the code is wrong', 400, { error: 'invalid_grant' }, 'good'],
  [
    'the code is wrong, in words about clients',
    400,
    { error: 'invalid_grant', error_description: 'bad code or client_secret' },
    'good',
  ],
  ['the code is wrong, by 401', 401, { error: 'invalid_grant' }, 'good'],
  [
    'Entra misses the Origin header',
    400,
    { error: 'invalid_request', error_description: 'AADSTS9002327: cross-origin only.' },
    'unknown',
  ],
  ['the request is wrong', 400, { error: 'invalid_request', error_description: 'malformed code' }, 'unknown'],
  ['the server is down', 503, null, 'unknown'],
  ['there is no JSON', 200, '<h1>Hello</h1>', 'unknown'],
])('where %s, the app may be usable', (_, status, body, level) => {
  expect(find(status, body).level).toBe(level)
})
