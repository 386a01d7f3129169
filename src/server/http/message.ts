import { isRecord } from '../../core/claims.ts'
import { ConfigurationError } from '../../core/errors.ts'
import type { AskRequest, CodeProof, IdTokenProof, PushRequest } from '../../core/wire.ts'
import { isText } from '../setup/need.ts'
import type { TimeLimit } from './limits.ts'
import { plainProblem } from './problem.ts'
import { readBody } from './read-body.ts'
import { failed, Refusal } from './refusal.ts'

type Check = (value: unknown) => boolean
const isHash: Check = value => typeof value === 'string' && /^[A-Za-z0-9_-]{43}$/.test(value)
const optional =
  (check: Check): Check =>
  value =>
    value === undefined || check(value)

type Shape = Readonly<Record<string, Check>>
const askShape: Shape = {
  action: isText,
  context_hash: optional(isHash),
  context: () => true,
  ui_locales: optional(isText),
  id_token: optional(isText),
}
const pushShape: Shape = { challenge: isText }
const idTokenShape: Shape = { challenge: isText, id_token: isText }
const codeShape: Shape = { challenge: isText, code: isText, state: isText, iss: optional(isText) }

/** A request to the endpoint. */
export type Message = AskRequest | PushRequest | IdTokenProof | CodeProof

/**
 * Reads a request to the endpoint: JSON of at most 16 KiB that arrives in time, with the fields of Ask, Push or Prove and
 * no others.
 *
 * @throws {Refusal} 415, 413, 408 or 400
 * @throws {ConfigurationError} when the body was read before
 */
export async function readMessage(request: Request, inTime: TimeLimit): Promise<Message> {
  // This content type also makes browsers send a preflight before another site's page may send such a request.
  if (!/^application\/json *(;|$)/i.test(request.headers.get('Content-Type') ?? '')) {
    throw failed('unsupported_media_type')
  }
  const message = await readJson(request, inTime)
  if (!isMessage(message))
    throw failed('invalid_request', {
      problem: plainProblem('the body has not the fields of an Ask, a Push or a Prove'),
    })
  // The context is shown to the person, and then only its hash counts.
  if ('context' in message && message.context_hash === undefined)
    throw failed('invalid_request', {
      problem: plainProblem('there is a `context` without its `context_hash`'),
    })
  return message
}

function isMessage(message: unknown): message is Message {
  if (!isRecord(message)) return false
  const shape = shapeFor(message)
  return Object.keys({ ...shape, ...message }).every(field => {
    const check = Object.hasOwn(shape, field) ? shape[field] : undefined
    return check?.(message[field]) === true
  })
}

function shapeFor(message: object): Shape {
  const has = (field: string): boolean => Object.hasOwn(message, field)
  if (!has('challenge')) return askShape
  if (has('id_token')) return idTokenShape
  return has('code') ? codeShape : pushShape
}

async function readJson(request: Request, inTime: TimeLimit): Promise<unknown> {
  try {
    return JSON.parse(await readBody(request, tooLarge, inTime))
  } catch (cause) {
    const isKnown = cause instanceof Refusal || cause instanceof ConfigurationError
    throw isKnown ? cause : failed('invalid_request', { cause })
  }
}

const tooLarge = (): Refusal => failed('payload_too_large')
