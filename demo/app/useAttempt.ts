import { useCallback, useState } from 'react'
import { failureOf } from './outcome.ts'

export interface Attempt {
  /** Waits for something that may fail, and keeps how it failed for the screen. */
  attempt(action: Promise<unknown>): void
  readonly trouble: string | undefined
}

export function useAttempt(): Attempt {
  const [trouble, setTrouble] = useState<string>()
  const attempt = useCallback((action: Promise<unknown>) => {
    setTrouble(undefined)
    action.catch(error => setTrouble(failureOf(error).text))
  }, [])
  return { attempt, trouble }
}
