'use client'
import { useEffect, useState } from 'react'
import { NetworkError } from '../core/errors.ts'
import { useAuthClient } from './AuthProvider.tsx'
import { usePrompt } from './usePrompt.ts'

/**
 * Stands in for prompts whose code could not be loaded, so that nothing hangs: what waits for the prompt fails with a
 * `NetworkError`. The next prompt has the code loaded again first.
 */
export function UnavailablePrompts({ retry }: { readonly retry: () => void }): null {
  const client = useAuthClient()
  const prompt = usePrompt()
  const id = prompt?.id ?? null
  const [idAtFailure] = useState(id)
  useEffect(() => {
    if (id === null) return
    if (id !== idAtFailure) retry()
    else
      client.failPrompt(id, new NetworkError('The prompt could not be loaded: reload the page to try again'))
  }, [client, id, idAtFailure, retry])
  return null
}
