import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { sha256 } from '../../src/server/crypto/hash.ts'
import {
  type AskRequest,
  type ChallengedAnswer,
  type CodeProof,
  contextHash,
  type DeniedAnswer,
  type FailedAnswer,
  type GrantedAnswer,
  type IdTokenProof,
  type PushedAnswer,
  type PushRequest,
  type StepUpDisplay,
} from '../../src/server/index.ts'
import { type Described, misfits, openApi, type Responses, resolved } from '../support/openapi.ts'

const { paths, components } = openApi
const { post, options } = paths['/api/freshness']

it('is valid OpenAPI 3.1', async () => {
  const validator = new Validator()
  expect(await validator.validate(structuredClone({ ...openApi }))).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
})

it('has the version of the package', () => {
  expect(openApi.info.version).toBe(manifest.version)
})

it.each(Object.entries(components.schemas))('the schema %s is valid JSON Schema 2020-12', (_, schema) => {
  expect(() => misfits(schema, null)).not.toThrow()
})

it('every part that it names is there, and every part is named but what is for routes of the app', () => {
  const named = new Set(JSON.stringify(openApi).match(/#\/components\/[\w/]+/g))
  for (const $ref of named) expect(resolved({ $ref }), $ref).toBeTypeOf('object')
  const parts = (['schemas', 'responses', 'parameters', 'headers'] as const).flatMap(kind =>
    Object.keys(components[kind]).map(name => `#/components/${kind}/${name}`),
  )
  const forTheApp = ['#/components/responses/SensitiveCallFailed', '#/components/parameters/StepUpGrant']
  expect(parts.filter(part => !named.has(part))).toEqual(forTheApp)
})

it('has every part that docs/backend/wire.md refers to', () => {
  const page = readFileSync(new URL('../../docs/backend/wire.md', import.meta.url), 'utf8')
  const references = [...page.matchAll(/openapi\.json(#[\w/]+)/g)].map(([, reference = '']) => reference)
  expect(references.length).toBeGreaterThan(0)
  for (const $ref of references) expect(resolved({ $ref }), $ref).toBeTypeOf('object')
})

/** Each field of a type, and whether it must be there. The compiler demands all of them, and no others. */
type Fields<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? 'optional' : 'required'
}

const fields = {
  AskRequest: {
    ...{ action: 'required', context_hash: 'optional', context: 'optional' },
    ...{ ui_locales: 'optional', id_token: 'optional' },
  } satisfies Fields<AskRequest>,
  PushRequest: { challenge: 'required' } satisfies Fields<PushRequest>,
  IdTokenProof: { challenge: 'required', id_token: 'required' } satisfies Fields<IdTokenProof>,
  CodeProof: {
    ...{ challenge: 'required', code: 'required', state: 'required', iss: 'optional' },
  } satisfies Fields<CodeProof>,
  GrantedAnswer: {
    ...{ status: 'required', grant: 'required', expires_in: 'required' },
  } satisfies Fields<GrantedAnswer>,
  ChallengedAnswer: {
    ...{ status: 'required', challenge: 'required', nonce: 'required', expires_in: 'required' },
    ...{ prompt: 'optional', max_age: 'optional', acr_values: 'optional', wait: 'optional' },
    ...{ pushed: 'optional', display: 'optional' },
  } satisfies Fields<ChallengedAnswer>,
  PushedAnswer: {
    ...{ status: 'required', client_id: 'required', request_uri: 'required' },
    ...{ state: 'required', expires_in: 'required' },
  } satisfies Fields<PushedAnswer>,
  StepUpDisplay: { title: 'required', facts: 'optional' } satisfies Fields<StepUpDisplay>,
  DeniedAnswer: {
    ...{ status: 'required', error: 'required', error_description: 'optional' },
  } satisfies Fields<DeniedAnswer>,
  FailedAnswer: {
    ...{ status: 'required', error: 'required', error_description: 'optional' },
  } satisfies Fields<FailedAnswer>,
}

it.each(Object.entries(fields))('%s has the fields that the server’s type has', (name, expected) => {
  const { properties, required } = components.schemas[name] ?? {}
  const described = Object.keys(properties).map(field => [
    field,
    required.includes(field) ? 'required' : 'optional',
  ])
  expect(Object.fromEntries(described)).toEqual(expected)
})

it('requests may have no other fields, answers may', () => {
  const closed = Object.entries(components.schemas).filter(
    ([, schema]) => schema.additionalProperties === false,
  )
  expect(closed.map(([name]) => name)).toEqual(['AskRequest', 'PushRequest', 'IdTokenProof', 'CodeProof'])
})

/** Every example with the schema that it stands beside. */
function examplesIn({ components: { responses, headers } }: Described) {
  const requests = post.requestBody ? [['the request', post.requestBody] as const] : []
  const answers = (of: Responses) =>
    Object.entries(of).map(([name, response]) => [name, resolved(response)] as const)
  const all = [...requests, ...answers(post.responses), ...answers(options.responses), ...answers(responses)]
  const bodies = all.flatMap(([name, { content }]) => {
    if (!content) return []
    const { schema, example, examples = {} } = content['application/json']
    const values = Object.entries(examples).map(([key, { value }]): [string, unknown] => [
      `${name}: ${key}`,
      value,
    ])
    if (example !== undefined) values.push([name, example])
    expect(values, name).not.toEqual([])
    return values.map(([key, value]) => [key, schema, value] as const)
  })
  return [
    ...bodies,
    ...Object.entries(headers).map(([name, { schema, example }]) => [name, schema, example] as const),
  ]
}

describe('an example', () => {
  it.each(examplesIn(openApi))('of %s fits its schema', (_, schema, example) => {
    expect(misfits(schema, example)).toEqual([])
  })

  it('has hashes that are right', async () => {
    const requests = post.requestBody?.content['application/json'].examples ?? {}
    const payment = { id: 'p1', cents: 25_000, to: 'ACME' }
    expect(requests.ask?.value).toMatchObject({ context_hash: await contextHash(payment) })
    const asked = requests.askWithContext?.value as AskRequest
    expect(asked.context_hash).toBe(await contextHash(asked.context))
    const { content } = resolved(post.responses[401] ?? { $ref: '#/none' })
    const challenged = content?.['application/json'].examples?.reauthenticate?.value
    const { challenge, nonce } = challenged as ChallengedAnswer
    expect(nonce).toBe(await sha256(challenge))
    expect(requests.prove?.value).toMatchObject({ challenge })
  })
})
