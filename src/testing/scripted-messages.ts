import { isRecord } from '../core/claims.ts'
import type { AskRequest, ProveRequest } from '../core/wire.ts'
import type { AnswerFault } from './evil.ts'

type Fields = Readonly<Record<string, (value: unknown) => boolean>>
type Message = (AskRequest & { readonly id_token: string }) | ProveRequest

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isHash = (value: unknown): boolean => typeof value === 'string' && /^[\w-]{43}$/.test(value)

/** Nothing but the ID Token says here who asks. */
const asked: Fields = {
  action: isText,
  context_hash: value => value === undefined || isHash(value),
  id_token: isText,
}
const proved: Fields = { challenge: isText, id_token: isText }

/** Reads a request to the freshness endpoint as a guard does: JSON with these fields, and no others. */
export async function readMessage(
  request: Request,
): Promise<Message | Extract<AnswerFault, 'unsupported_media_type' | 'invalid_request'>> {
  if (!/^application\/json *(;|$)/i.test(request.headers.get('Content-Type') ?? ''))
    return 'unsupported_media_type'
  const body: unknown = await request.json().catch(() => null)
  if (!isRecord(body)) return 'invalid_request'
  const fields = 'challenge' in body ? proved : asked
  const isGood = Object.keys({ ...fields, ...body }).every(
    name => Object.hasOwn(fields, name) && fields[name]?.(body[name]),
  )
  return isGood ? (body as unknown as Message) : 'invalid_request'
}
