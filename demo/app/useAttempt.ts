import { useCallback, useState } from 'react'
import { failureOf } from './outcome.ts'

/** Something that was tried, and how it failed. */
export interface Attempt {
  /** Waits for something that may fail, and keeps the failure for the screen. */
  attempt(action: Promise<unknown>): void
  readonly trouble: string | undefined
}

/** Shows how an action failed, until the next one begins. */
export function useAttempt(): Attempt {
  const [trouble, setTrouble] = useState<string>()
  const attempt = useCallback((action: Promise<unknown>) => {
    setTrouble(undefined)
    action.catch(error => setTrouble(failureOf(error).text))
  }, [])
  return { attempt, trouble }
}
