import { useSyncExternalStore } from 'react'
import { run } from '../shared/run.tsx'
import { renew, signIn, start, store, token } from './floor.ts'

function useSelected<T>(select: () => T): T {
  return useSyncExternalStore(store.subscribe, select)
}

start()

run({
  Provider: ({ children }) => children,
  useName: () => useSelected(() => store.session?.name ?? null),
  useStatus: () => useSelected(() => store.status),
  useExpiry: () => useSelected(() => store.session?.expiresAt ?? null),
  signIn: () => void signIn(),
  renew,
  token,
})
