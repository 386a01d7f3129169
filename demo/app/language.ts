import { english, german, japanese, type Messages } from 'afresh/messages'
import { useSyncExternalStore } from 'react'
import { tabStorage } from './tab-storage.ts'

const actionsInEnglish = {
  'payment.approve': 'Approve a payment',
  'email.change': 'Change where receipts go',
  'statement.read': 'Open a statement',
}
const actionsInGerman = {
  'payment.approve': 'Eine Zahlung freigeben',
  'email.change': 'Ändern, wohin Belege gehen',
  'statement.read': 'Einen Kontoauszug öffnen',
}
const actionsInJapanese = {
  'payment.approve': '支払いの承認',
  'email.change': '領収書の送付先の変更',
  'statement.read': '明細書の表示',
}

/** The languages that can be chosen, with the package's messages and this app's names of its actions. */
export const languages: Readonly<Record<string, Messages>> = {
  en: { ...english, actions: actionsInEnglish },
  de: { ...german, actions: actionsInGerman },
  ja: { ...japanese, actions: actionsInJapanese },
}

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
