import { useAuthClient } from 'afresh'
import { useCallback, useEffect, useState } from 'react'
import { getDecisions } from './api.ts'
import { config } from './config.ts'
import { decisionsSince, recordDecisions, useHappenings } from './happenings.ts'

/**
 * Writes what the bank's server decides into the side panel. It asks the server after each thing that happened in this
 * page, and when the returned function is called.
 */
export function useDecisions(): () => void {
  const client = useAuthClient()
  const happened = useHappenings().findLast(({ from }) => from === 'page')?.id
  const [turn, setTurn] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `happened` and `turn` ask for another load
  useEffect(() => {
    if (!config.pushedRequests) return undefined
    const load = (): void => {
      getDecisions((input, init) => client.fetch(input, init), decisionsSince()).then(
        recordDecisions,
        () => undefined,
      )
    }
    const timer = setTimeout(load, 200)
    return () => clearTimeout(timer)
  }, [client, happened, turn])
  return useCallback(() => setTurn(last => last + 1), [])
}
