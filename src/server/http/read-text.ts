/**
 * All of a body as text. Its bytes are counted while they come, after decompression, and nothing is read past the limit.
 *
 * @throws what `tooLarge` makes for a body that is longer, a `TypeError` for one that is no UTF-8, and whatever breaks it off
 */
export async function readText(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  tooLarge: () => Error,
): Promise<string> {
  const reader = body?.getReader()
  if (!reader) return ''
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let size = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return text + utf8.decode()
      size += value.byteLength
      if (size > maxBytes) throw tooLarge()
      text += utf8.decode(value, { stream: true })
    }
  } catch (error) {
    // Not waited for: a sender that hangs would hold us here.
    reader.cancel().catch(() => {})
    throw error
  }
}
