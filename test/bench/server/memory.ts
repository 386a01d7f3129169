import type { ApiProcess } from './api-process.ts'
import { fire } from './fire.ts'
import type { Shot } from './proofs.ts'

const steps = 10

/**
 * Sends proofs, most of them used ones, and questions by turns. The first tenth fills caches and the store; what the
 * heap grows by after that is `growth`, 0.1 for a tenth.
 */
export async function measureMemory(
  api: ApiProcess,
  proofs: readonly Shot[],
  ask: Shot,
  requests: number,
): Promise<{ readonly rows: string[][]; readonly growth: number }> {
  const shots = proofs.flatMap(proof => [proof, ask])
  const part = Math.ceil(requests / steps)
  const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)
  const heaps: number[] = []
  const rows: string[][] = []
  let sent = 0
  for (let step = 1; step <= steps; step++) {
    for (let left = part; left > 0; left -= shots.length) {
      await fire(api.url('/freshness'), shots.slice(0, left), null)
      sent += Math.min(left, shots.length)
    }
    const { heap, resident } = await api.memory()
    heaps.push(heap)
    rows.push([String(sent), megabytes(heap), megabytes(resident)])
    process.stderr.write(`memory ${step} of ${steps}\n`)
  }
  const [first = Number.NaN, last = Number.NaN] = [heaps[0], heaps.at(-1)]
  return { rows, growth: last / first - 1 }
}
