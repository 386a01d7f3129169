import { describe, expect, it } from 'vitest'
import { readText } from '../../../src/server/http/read-text.ts'

const tooLarge = (): Error => new Error('too large')
const bodyOf = (...chunks: (string | number[])[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) {
        controller.enqueue(
          typeof chunk === 'string' ? new TextEncoder().encode(chunk) : Uint8Array.from(chunk),
        )
      }
      controller.close()
    },
  })

describe('readText', () => {
  it.each<[string, ReadableStream<Uint8Array> | null, string]>([
    ['no body', null, ''],
    ['an empty body', bodyOf(), ''],
    ['chunks', bodyOf('jo', 's', 'h'), 'josh'],
    ['a character that two chunks share', bodyOf([0xc3], [0xbc]), 'ü'],
    ['just as many bytes as may come', bodyOf('abcde'), 'abcde'],
  ])('gives the text of %s', async (_, body, text) => {
    expect(await readText(body, 5, tooLarge)).toBe(text)
  })

  it.each<[string, ReadableStream<Uint8Array>, ErrorConstructor]>([
    ['a byte too many', bodyOf('abc', 'def'), Error],
    ['bytes too many in few characters', bodyOf('üüü'), Error],
    ['what is no UTF-8', bodyOf([0xff]), TypeError],
    ['half a character', bodyOf([0xc3]), TypeError],
  ])('throws for %s', async (_, body, kind) => {
    await expect(readText(body, 5, tooLarge)).rejects.toBeInstanceOf(kind)
  })
})
