import { isRecord } from '../core/claims.ts'
import type { AskRequest, ProveRequest } from '../core/wire.ts'
import { invalidRequest, Refusal } from './errors.ts'

const maxBytes = 16 * 1024
/** Milliseconds that a body may take to arrive. */
const maxTime = 10_000

const utf8 = new TextDecoder('utf-8', { fatal: true })

type Check = (value: unknown) => boolean
const isText: Check = value => typeof value === 'string' && value !== ''
const isHash: Check = value => typeof value === 'string' && /^[A-Za-z0-9_-]{43}$/.test(value)
const optional =
  (check: Check): Check =>
  value =>
    value === undefined || check(value)

const askShape: Readonly<Record<string, Check>> = {
  action: isText,
  context_hash: optional(isHash),
  id_token: optional(isText),
}
const proveShape: Readonly<Record<string, Check>> = { challenge: isText, id_token: isText }

/** A body's bytes as they come: as much of a `ReadableStreamDefaultReader` as is needed. */
export interface BodyReader {
  read(): Promise<{ readonly done?: boolean | undefined; readonly value?: Uint8Array | undefined }>
  /** Nobody reads on. */
  cancel(): Promise<unknown>
}

/**
 * Reads what the endpoint was sent: JSON of at most 16 KiB that arrives within ten seconds, with the fields of Ask or
 * of Prove and no others.
 *
 * @throws {Refusal} 415, 413, 408 or 400
 */
export async function readMessage(request: Request, body?: BodyReader): Promise<AskRequest | ProveRequest> {
  // Also what makes browsers ask (preflight) before another site's page may send this.
  if (!/^application\/json *(;|$)/i.test(request.headers.get('Content-Type') ?? '')) {
    throw new Refusal(415, 'unsupported_media_type')
  }
  const message = await readJson(request, body)
  if (!isRecord(message)) throw invalidRequest()
  const shape = Object.hasOwn(message, 'challenge') ? proveShape : askShape
  const hasOnlyKnown = Object.keys(message).every(field => Object.hasOwn(shape, field))
  const hasAll = Object.entries(shape).every(([field, isRight]) => isRight(message[field]))
  if (!hasOnlyKnown || !hasAll) throw invalidRequest()
  return message as unknown as AskRequest | ProveRequest
}

async function readJson(request: Request, body: BodyReader | undefined): Promise<unknown> {
  const length = request.headers.get('Content-Length')
  if (length !== null && !(Number(length) <= maxBytes)) throw tooLarge()
  try {
    const reader = body ?? request.body?.getReader()
    // Counted all the same: whoever hands us the request need not hold its body to the length it declares.
    return JSON.parse(reader ? await readText(reader) : '')
  } catch (cause) {
    throw cause instanceof Refusal ? cause : invalidRequest({ cause })
  }
}

const tooLarge = (): Refusal => new Refusal(413, 'payload_too_large')
const tooSlow = (): Refusal => new Refusal(408, 'request_timeout')

/** Counts the bytes that come, and stops reading at the limit. */
async function readText(reader: BodyReader): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow()), maxTime)
  })
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late])
      if (done || !value) return utf8.decode(joined(chunks, size))
      size += value.byteLength
      if (size > maxBytes) throw tooLarge()
      chunks.push(value)
    }
  } catch (error) {
    reader.cancel().catch(() => {})
    throw error
  } finally {
    clearTimeout(timer)
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let position = 0
  for (const chunk of chunks) {
    bytes.set(chunk, position)
    position += chunk.byteLength
  }
  return bytes
}
