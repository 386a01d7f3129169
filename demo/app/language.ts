import { english, german, japanese, type Messages } from 'afresh/messages'
import { useSyncExternalStore } from 'react'
import { tabStorage } from './tab-storage.ts'

/** The languages that can be chosen, with the package's messages. */
export const languages: Readonly<Record<string, Messages>> = { en: english, de: german, ja: japanese }

const key = 'pennyworth:language'
const listeners = new Set<() => void>()

/** The language of the prompts, of Demo ID and of the choice of a provider. The rest of this demo is English. */
export function language(): string {
  const chosen = tabStorage.read(key) ?? ''
  return chosen in languages ? chosen : 'en'
}

/** Changes the language of this tab. */
export function chooseLanguage(chosen: string): void {
  tabStorage.write(key, chosen)
  for (const listener of listeners) listener()
}

/** The chosen language. */
export function useLanguage(): string {
  return useSyncExternalStore(listener => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, language)
}
