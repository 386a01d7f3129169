/** What could not be measured, and why. */
export const failures: string[] = []

/** Does the work, or notes why it failed: a contender that breaks must not hide the numbers of the others. */
export async function attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    failures.push(`${what}: ${error instanceof Error ? error.message : error}`)
    return undefined
  }
}
