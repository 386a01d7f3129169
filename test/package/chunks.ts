import { gzipSync } from 'node:zlib'
import type { Rolldown } from 'vite'

type Chunk = Rolldown.OutputChunk

/** The chunks of a bundle: those that these chunks load at once, themselves too, and those that they may load later. */
export function loadedBy(
  isFirst: (chunk: Chunk) => boolean,
  chunks: readonly Chunk[],
): { readonly atOnce: readonly Chunk[]; readonly later: readonly Chunk[] } {
  const atOnce = new Set<string>()
  const load = (fileName: string): void => {
    const chunk = chunks.find(chunk => chunk.fileName === fileName)
    if (!chunk || atOnce.has(fileName)) return
    atOnce.add(fileName)
    for (const imported of chunk.imports) load(imported)
  }
  for (const chunk of chunks) if (isFirst(chunk)) load(chunk.fileName)
  return {
    atOnce: chunks.filter(chunk => atOnce.has(chunk.fileName)),
    later: chunks.filter(chunk => !atOnce.has(chunk.fileName)),
  }
}

/** Bytes, gzipped. */
export function sizeOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((total, { code }) => total + gzipSync(code, { level: 9 }).length, 0)
}
