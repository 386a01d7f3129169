import { setTimeout } from 'node:timers/promises'

const tick = 20

/**
 * Does something a number of times each second, without waiting for an answer. When it is late, it catches up. It ends
 * by itself.
 */
export async function paced(perSecond: number, seconds: number, act: (index: number) => void): Promise<void> {
  const total = perSecond * seconds
  const startedAt = performance.now()
  for (let done = 0; done < total; ) {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond)
    while (done < Math.min(due, total)) act(done++)
    await setTimeout(tick)
  }
}
