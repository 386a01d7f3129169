import { isRecord } from '../../core/claims.ts'
import { ConfigurationError } from '../../core/errors.ts'
import type { AskRequest, IdTokenProof } from '../../core/wire.ts'
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
  id_token: optional(isText),
}
const proveShape: Shape = { challenge: isText, id_token: isText }

/**
 * Reads a request to the endpoint: JSON of at most 16 KiB that arrives in time, with the fields of Ask or of Prove and
 * no others.
 *
 * @throws {Refusal} 415, 413, 408 or 400
 * @throws {ConfigurationError} when the body was read before
 */
export async function readMessage(request: Request, inTime: TimeLimit): Promise<AskRequest | IdTokenProof> {
  // This content type also makes browsers send a preflight before another site's page may send such a request.
  if (!/^application\/json *(;|$)/i.test(request.headers.get('Content-Type') ?? '')) {
    throw failed('unsupported_media_type')
  }
  const message = await readJson(request, inTime)
  if (!isAskOrProve(message))
    throw failed('invalid_request', {
      problem: plainProblem('the body has not the fields of an Ask or of a Prove'),
    })
  return message
}

function isAskOrProve(message: unknown): message is AskRequest | IdTokenProof {
  if (!isRecord(message)) return false
  const shape = Object.hasOwn(message, 'challenge') ? proveShape : askShape
  return Object.keys({ ...shape, ...message }).every(field => {
    const check = Object.hasOwn(shape, field) ? shape[field] : undefined
    return check?.(message[field]) === true
  })
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
