interface Bytes extends Uint8Array<ArrayBuffer> {
  toString(encoding?: 'utf8' | 'base64url'): string
}

/** As much as is needed of Node's `Buffer` and `node:crypto`. */
interface NodeModules {
  readonly Buffer: {
    from(text: string, encoding?: 'utf8' | 'base64url'): Bytes
    concat(list: readonly Uint8Array[]): Bytes
  }
  hash(algorithm: 'sha256', data: string | Uint8Array, encoding: 'base64url'): string
  hash(algorithm: 'sha256', data: Uint8Array, encoding: 'buffer'): Bytes
}

const { process, Buffer } = globalThis as Partial<Pick<NodeModules, 'Buffer'>> & {
  readonly process?: { getBuiltinModule?(name: string): Partial<NodeModules> | undefined }
}
const hash = process?.getBuiltinModule?.('node:crypto')?.hash

/**
 * Node's own ways, where the runtime has them. Each hash of Web Crypto, which every runtime has, goes to another thread
 * and back, which takes many times longer than hashing so short a text.
 */
export const node: NodeModules | undefined = hash && Buffer ? { hash, Buffer } : undefined
