/** Loads at the first call, and gives all others the same. A failure is not kept: the next call tries again. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null
  return () => {
    loading ??= load().catch(cause => {
      loading = null
      throw cause
    })
    return loading
  }
}
