import type { TimeLimit } from './limits.ts'

/**
 * Reads all of a body as text. Its bytes are counted as they arrive, after decompression, and nothing is read past the
 * limit.
 *
 * @param inTime how long to wait for all of it; what it rejects with is thrown. Default: as long as it takes
 * @throws what `tooLarge` makes for a body that is longer, a `TypeError` for one that is no UTF-8, and the error of a
 * body that breaks off
 */
export async function readText(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  tooLarge: () => Error,
  inTime: TimeLimit = work => work,
): Promise<string> {
  const reader = body?.getReader()
  if (!reader) return ''
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  const readAll = async (): Promise<string> => {
    let text = ''
    let size = 0
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return text + utf8.decode()
      size += value.byteLength
      if (size > maxBytes) throw tooLarge()
      text += utf8.decode(value, { stream: true })
    }
  }
  try {
    return await inTime(readAll())
  } catch (error) {
    // Not awaited, because a sender that hangs would hold us up here.
    reader.cancel().catch(() => {})
    throw error
  }
}
