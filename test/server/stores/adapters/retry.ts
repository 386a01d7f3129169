// retry.ts
/** Runs a transaction again that the database ended because another one came between. */
export async function withRetries<T>(run: () => Promise<T>): Promise<T> {
  for (let left = 5; ; left--) {
    try {
      return await run()
    } catch (error) {
      // A serialization failure, and a deadlock.
      if (left <= 1 || !['40001', '40P01'].includes(codeOf(error) ?? '')) throw error
    }
  }
}

/** The database's code for an error. Drizzle keeps the driver's error as the cause. */
function codeOf(error: unknown): string | undefined {
  const { code, cause } = error as { readonly code?: string; readonly cause?: { readonly code?: string } }
  return cause?.code ?? code
}
