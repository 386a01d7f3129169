import type { Bytes } from './bytes.ts'

interface NodeBytes extends Bytes {
  toString(encoding?: 'utf8' | 'base64url'): string
}

/** The parts of Node's `Buffer` and `node:crypto` that are used here. */
interface NodeModules {
  readonly Buffer: { from(text: string, encoding?: 'utf8' | 'base64url'): NodeBytes }
  readonly crypto: {
    hash(algorithm: 'sha256', data: string, encoding: 'base64url'): string
    createHmac(
      algorithm: 'sha256',
      key: Uint8Array,
    ): { update(text: string): { digest(encoding: 'base64url'): string } }
    timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean
  }
}

const { process, Buffer } = globalThis as Partial<Pick<NodeModules, 'Buffer'>> & {
  readonly process?: { getBuiltinModule?(name: string): Partial<NodeModules['crypto']> | undefined }
}
const { hash, createHmac, timingSafeEqual } = process?.getBuiltinModule?.('node:crypto') ?? {}

/**
 * Node's own modules, where the runtime has them. Web Crypto is in every runtime, but each call of it goes to another
 * thread and back, which takes many times longer than hashing so short a text.
 */
export const node: NodeModules | undefined =
  Buffer && hash && createHmac && timingSafeEqual
    ? { Buffer, crypto: { hash, createHmac, timingSafeEqual } }
    : undefined
