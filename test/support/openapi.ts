import { readFileSync } from 'node:fs'
import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020.js'

/** The parts of an OpenAPI document that the tests look at. Any of them but a schema may be a `$ref`. */
export interface Described {
  readonly openapi: string
  readonly info: { readonly version: string }
  readonly paths: {
    readonly '/api/freshness': Readonly<Record<'post' | 'options', Operation>>
  }
  readonly components: {
    readonly schemas: Readonly<Record<string, AnySchemaObject>>
    readonly responses: Responses
    readonly parameters: Readonly<Record<string, AnySchemaObject>>
    readonly headers: Readonly<Record<string, Header>>
  }
}

interface Operation {
  readonly requestBody?: { readonly content: Content }
  readonly responses: Responses
}

/** By status, or by name. */
export type Responses = Readonly<Record<string, DescribedResponse | Reference>>

interface DescribedResponse {
  readonly headers?: Readonly<Record<string, Header | Reference>>
  readonly content?: Content
}

interface Header {
  readonly required?: boolean
  readonly schema: AnySchemaObject
  readonly example?: unknown
}

type Content = Readonly<Record<'application/json', MediaType>>

interface MediaType {
  readonly schema: AnySchemaObject
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
}

interface Reference {
  readonly $ref: string
}

export const openApiFile: URL = new URL('../../src/server/openapi.json', import.meta.url)
export const openApi: Described = JSON.parse(readFileSync(openApiFile, 'utf8'))

const { SensitiveCallFailed, StepUpRequired, TemporarilyUnavailable } = openApi.components.responses
/** The responses that the routes of an app can refer to. */
export const sensitiveResponses = {
  ...{ 400: SensitiveCallFailed, 401: StepUpRequired, 503: TemporarilyUnavailable },
} as Responses

/** What a reference of the document leads to. */
export function resolved<T extends object>(node: T | Reference): T {
  if (!('$ref' in node)) return node
  let found: unknown = openApi
  for (const name of node.$ref.split('/').slice(1)) found = Reflect.get(Object(found), name)
  if (typeof found !== 'object' || found === null) throw new Error(`${node.$ref} leads nowhere`)
  return found as T
}

const ajv = new Ajv2020({ strict: true, allErrors: true })
// All that the references of the document lead to.
ajv.addKeyword('components')
ajv.addSchema({ $id: 'https://afresh.example/openapi.json', components: openApi.components })

const compiled = new WeakMap<AnySchemaObject, ValidateFunction>()

/** What does not fit a schema of the document, in words; empty when all of it fits. @throws for a schema that is none */
export function misfits(schema: AnySchemaObject, value: unknown): string[] {
  const validate = compiled.get(schema) ?? ajv.compile(absolute(schema))
  compiled.set(schema, validate)
  return validate(value) ? [] : (validate.errors ?? []).map(error => `${error.instancePath} ${error.message}`)
}

/** The same schema with references that hold outside the document too. */
function absolute(schema: AnySchemaObject): AnySchemaObject {
  return JSON.parse(
    JSON.stringify(schema).replaceAll('"#/components/', '"https://afresh.example/openapi.json#/components/'),
  )
}

/** What an answer has or lacks that these responses do not say: status, headers or body. Empty when it fits. */
export async function undescribed(answer: Response, responses: Responses): Promise<string[]> {
  const response = responses[answer.status]
  if (!response) return [`the status ${answer.status}`]
  const { headers = {}, content } = resolved(response)
  const text = await answer.clone().text()
  const body = content
    ? misfits(content['application/json'].schema, JSON.parse(text))
    : text === ''
      ? []
      : [`a body: ${text}`]
  return [...misfitsOfHeaders(answer.headers, headers), ...body]
}

function misfitsOfHeaders(given: Headers, described: NonNullable<DescribedResponse['headers']>): string[] {
  const byName = new Map(Object.entries(described).map(([name, header]) => [name.toLowerCase(), header]))
  const unknown = [...given.keys()].filter(name => name !== 'content-type' && !byName.has(name))
  const wrong = Array.from(byName, ([name, reference]) => {
    const { schema, required = false } = resolved(reference)
    const values = name === 'set-cookie' ? given.getSetCookie() : [given.get(name)].filter(isText)
    if (values.length === 0) return required ? [`${name} is missing`] : []
    const read = (value: string): unknown => (schema.type === 'integer' ? Number(value) : value)
    return values.flatMap(value => misfits(schema, read(value)).map(words => `${name}: ${words}`))
  })
  return [...unknown.map(name => `the header ${name}`), ...wrong.flat()]
}

const isText = (value: string | null): value is string => value !== null
