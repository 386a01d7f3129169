import { useSyncExternalStore } from 'react'
import { tabStorage } from '../tab-storage.ts'

const all = ['off', 'strip-prompt', 'change-amount', 'ask-for-more', 'swap-requests', 'own-request'] as const

/** What the script of the demonstration does; `off` is nothing. */
export type Tampering = (typeof all)[number]

const key = 'pennyworth:tampering'
const listeners = new Set<() => void>()

/** What it does now. It is kept over a full-page redirect. */
export function tampering(): Tampering {
  const chosen = tabStorage.read(key)
  return all.find(one => one === chosen) ?? 'off'
}

/** Makes the script do something else. */
export function chooseTampering(chosen: Tampering): void {
  tabStorage.write(key, chosen)
  for (const listener of listeners) listener()
}

/** What the script does now. */
export function useTampering(): Tampering {
  return useSyncExternalStore(listener => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, tampering)
}
