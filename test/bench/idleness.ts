import { cpus } from 'node:os'

const enough = 0.7
/** How many milliseconds one measurement may wait for a quieter machine; below, all of them together. */
const maxWait = 600
let waitLeft = 30_000
let measured = 0
let busy = 0

function ticks(): { idle: number; all: number } {
  const times = cpus().map(cpu => cpu.times)
  const all = times.flatMap(time => Object.values(time)).reduce((sum, value) => sum + value, 0)
  return { idle: times.reduce((sum, { idle }) => sum + idle, 0), all }
}

/** @returns a function that tells which share of the machine's time has been idle since the call; 1 is all of it */
export function watchIdle(): () => number {
  const before = ticks()
  return () => {
    const after = ticks()
    return after.all === before.all ? 1 : (after.idle - before.idle) / (after.all - before.all)
  }
}

async function idleShare(milliseconds: number): Promise<number> {
  const share = watchIdle()
  await new Promise(resolve => setTimeout(resolve, milliseconds))
  return share()
}

/**
 * Waits a little for other work on this machine to pause. It is called before a measurement, so no time is ever dropped
 * for being slow.
 */
export async function whenIdle(): Promise<void> {
  measured++
  for (let waited = 0; waited < maxWait; waited += 100) {
    if ((await idleShare(100)) >= enough) return
    waitLeft -= 100
    if (waitLeft <= 0) break
  }
  busy++
}

/** How many measurements began, and how many of them on a machine that had other work. */
export const idleness = (): { measured: number; busy: number } => ({ measured, busy })
