import { english, german, japanese, type Messages } from 'afresh/messages'
import { useSyncExternalStore } from 'react'

export const languages: Readonly<Record<string, Messages>> = { en: english, de: german, ja: japanese }

const key = 'pennyworth:language'
const listeners = new Set<() => void>()

/** What the prompts, Demo ID and the choice of a provider speak; the rest of this demo is English. */
export function language(): string {
  const chosen = sessionStorage.getItem(key) ?? ''
  return chosen in languages ? chosen : 'en'
}

export function chooseLanguage(chosen: string): void {
  sessionStorage.setItem(key, chosen)
  for (const listener of listeners) listener()
}

export function useLanguage(): string {
  return useSyncExternalStore(listener => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, language)
}
