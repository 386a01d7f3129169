'use client'
import { type ComponentType, type ReactElement, useEffect, useReducer, useState } from 'react'
import { loadWithRetries } from './loadWithRetries.ts'

/** A component whose code is loaded after the app has started. Until then it shows nothing. */
export interface LazyComponent<Props> {
  (props: Props): ReactElement | null
  /** What React's warnings and its developer tools call it. */
  readonly displayName: string
}

/** What is shown while the code cannot be loaded. `retry` starts over. */
export type Unavailable = ComponentType<{ readonly retry: () => void }>

/**
 * A component that is loaded once it is mounted. After a failure it is tried again a few times, then shows
 * `Unavailable`; a browser that comes back online tries again at once. React's own `lazy` would keep the failure.
 *
 * @param displayName of the component: see `LazyComponent`
 */
export function lazyComponent<Props extends object>(
  displayName: string,
  load: () => Promise<ComponentType<Props>>,
  Unavailable: Unavailable = ShowNothing,
): LazyComponent<Props> {
  const Lazy = (props: Props): ReactElement | null => {
    const [Loaded, setLoaded] = useState<ComponentType<Props> | null>(null)
    const [round, startRound] = useReducer((rounds: number) => rounds + 1, 0)
    const [failedRound, setFailedRound] = useState<number | null>(null)
    useEffect(() => {
      if (Loaded) return
      const ended = new AbortController()
      const { signal } = ended
      loadWithRetries(load, signal).then(
        loaded => !signal.aborted && setLoaded(() => loaded),
        () => !signal.aborted && setFailedRound(round),
      )
      window.addEventListener('online', startRound, { signal })
      return () => ended.abort()
    }, [Loaded, round])
    if (Loaded) return <Loaded {...props} />
    return failedRound === round ? <Unavailable retry={startRound} /> : null
  }
  return Object.assign(Lazy, { displayName })
}

function ShowNothing(): null {
  return null
}
