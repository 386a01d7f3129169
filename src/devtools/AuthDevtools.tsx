'use client'
import { useEffect, useRef } from 'react'
import { useAuthClient } from '../react/AuthProvider.tsx'
import type { DevtoolsOptions } from './options.ts'
import { showDevtools } from './show.ts'

/**
 * Shows what the client of the `<AuthProvider>` above does. It works as `showDevtools` does, and takes the same
 * options. It renders nothing itself. In production it does nothing, unless it is given a `panel`.
 *
 * @param props how the devtools are shown
 * @throws `ConfigurationError` outside an `<AuthProvider>`, and for an unknown corner
 */
export function AuthDevtools({ corner, open, name, panel }: DevtoolsOptions): null {
  const client = useAuthClient()
  // An app gives another function with each render, and it loads the same.
  const load = useRef(panel)
  useEffect(
    () => showDevtools(client, { corner, open, name, panel: load.current }),
    [client, corner, open, name],
  )
  return null
}
