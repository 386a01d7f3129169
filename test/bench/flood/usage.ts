/** What a process holds; bytes. */
export interface Memory {
  readonly heap: number
  readonly resident: number
  /** The most that has ever been resident. */
  readonly peak: number
}

/** A processor's time that a process has used, all its threads together; microseconds. */
export interface Cpu {
  readonly user: number
  readonly system: number
}

/** What this process answers to `cpu` and to `memory`. */
export async function tellUsage(question: unknown): Promise<Memory | Cpu> {
  return question === 'cpu' ? process.cpuUsage() : memoryOfProcess()
}

/** After its garbage is collected (`--expose-gc`). */
async function memoryOfProcess(): Promise<Memory> {
  globalThis.gc?.()
  // What that left to be finalized, such as sockets that have just closed, goes with the second.
  await new Promise(setImmediate)
  globalThis.gc?.()
  const { heapUsed: heap, rss: resident } = process.memoryUsage()
  return { heap, resident, peak: process.resourceUsage().maxRSS * 1024 }
}
