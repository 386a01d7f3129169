import { canonicalJson } from '../core/canonical-json.ts'
import { isRecord } from '../core/claims.ts'
import type { AskRequest, IdTokenProof } from '../core/wire.ts'
import { sha256 } from '../op/sha256.ts'
import type { AnswerFault } from './evil.ts'

type Fields = Readonly<Record<string, (value: unknown) => boolean>>
type Message = (AskRequest & { readonly id_token: string }) | IdTokenProof

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isHash = (value: unknown): boolean => typeof value === 'string' && /^[\w-]{43}$/.test(value)

/** Nothing but the ID Token says here who asks. */
const asked: Fields = {
  action: isText,
  context_hash: value => value === undefined || isHash(value),
  context: () => true,
  ui_locales: value => value === undefined || isText(value),
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
  return isGood && (await isHashed(body)) ? (body as unknown as Message) : 'invalid_request'
}

/** A context comes with its hash. */
async function isHashed({ context, context_hash: hash }: Record<string, unknown>): Promise<boolean> {
  if (context === undefined) return true
  try {
    return hash === (await sha256(canonicalJson(context)))
  } catch {
    return false
  }
}
