'use client'
import { useMemo } from 'react'
import { useOwnMessages } from './AuthProvider.tsx'
import { english } from './english.ts'
import type { Messages } from './messages.ts'

/** The app's texts, and the English ones where it has none. */
export function useMessages(): Messages {
  const own = useOwnMessages()
  return useMemo(
    () => ({
      ...english,
      ...own,
      prompts: { ...english.prompts, ...own.prompts },
      actions: { ...english.actions, ...own.actions },
      switchAccount: { ...english.switchAccount, ...own.switchAccount },
      chooser: { ...english.chooser, ...own.chooser },
    }),
    [own],
  )
}
