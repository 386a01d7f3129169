import type { Memory } from '../flood/usage.ts'

/** What a process held after each tenth of some traffic, its garbage collected. */
export type Course = readonly Memory[]

const steps = 10
const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)
const percent = (from: number, to: number): string =>
  `${to < from ? '−' : '+'}${(Math.abs(to / from - 1) * 100).toFixed(1)} %`

/** @param sends one part of the traffic; parts are counted from 0 */
export async function watchMemory(
  memory: () => Promise<Memory>,
  requests: number,
  send: (count: number, part: number) => Promise<void>,
): Promise<Course> {
  const course: Memory[] = []
  for (let part = 0; part < steps; part++) {
    await send(Math.ceil(requests / steps), part)
    course.push(await memory())
  }
  return course
}

/**
 * Says whether the heap grew. The first half fills caches and the store, which are bounded. The heap is still growing
 * if the maximum of the second half is more than a twentieth above that of the first.
 */
export function inWords(course: Course): string {
  const heaps = course.map(({ heap }) => heap)
  const half = Math.ceil(heaps.length / 2)
  const [first, second] = [Math.max(...heaps.slice(0, half)), Math.max(...heaps.slice(half))]
  const verdict = second > first * 1.05 ? 'still growing' : 'flat'
  const most = `at most ${megabytes(first)} MB in the first half, ${megabytes(second)} MB in the second`
  const resident = course.at(-1)?.resident ?? Number.NaN
  return `${verdict}: heap ${most} (${percent(first, second)}), resident ${megabytes(resident)} MB at the end`
}

/** The heap after each tenth. */
export const heapsOf = (course: Course): string => course.map(({ heap }) => megabytes(heap)).join(' ')
