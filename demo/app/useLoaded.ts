import { useAuthClient } from 'afresh'
import { useCallback, useEffect, useState } from 'react'
import type { Fetch } from './api.ts'

/** Something that is loaded from the API. */
export interface Loaded<T> {
  readonly value: T | undefined
  readonly failed: boolean
  reload(): void
}

/** Loads from the API with the session's access token. `load` must be a stable function. */
export function useLoaded<T>(load: (fetch: Fetch) => Promise<T>): Loaded<T> {
  const client = useAuthClient()
  const [value, setValue] = useState<T>()
  const [failed, setFailed] = useState(false)
  const [turn, setTurn] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks for another load
  useEffect(() => {
    let current = true
    load((input, init) => client.fetch(input, init)).then(
      loaded => {
        if (!current) return
        setValue(() => loaded)
        setFailed(false)
      },
      () => current && setFailed(true),
    )
    return () => {
      current = false
    }
  }, [client, load, turn])
  const reload = useCallback(() => setTurn(last => last + 1), [])
  return { value, failed, reload }
}
