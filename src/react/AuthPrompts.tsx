import { type ReactElement, useEffect, useState } from 'react'
import { quietly } from '../client/client.ts'
import type { PromptAnswer } from '../core/state.ts'
import { useAuthClient } from './AuthProvider.tsx'
import type { PromptMessages } from './messages.ts'
import type { PromptDialog } from './PromptDialog.tsx'
import { usePrompt } from './usePrompt.ts'

/**
 * Shows what the person is asked, one prompt at a time, in a modal `<dialog class="afresh-prompt">`. The dialog and
 * its words are loaded after the app has started.
 *
 * @param messages replaces the words of the prompts it names; the others' are English
 */
export function AuthPrompts({ messages }: { messages?: Partial<PromptMessages> }): ReactElement | null {
  const client = useAuthClient()
  const prompt = usePrompt()
  const [Dialog, setDialog] = useState<typeof PromptDialog | null>(null)
  const wanted = prompt?.id
  // biome-ignore lint/correctness/useExhaustiveDependencies: after a failure, the next prompt tries again
  useEffect(() => {
    quietly(import('./PromptDialog.tsx').then(loaded => setDialog(() => loaded.PromptDialog)))
  }, [wanted])
  if (!prompt || !Dialog) return null
  const answer = (choice: PromptAnswer): void => client.answerPrompt(prompt.id, choice)
  return (
    <Dialog key={`${prompt.id} ${prompt.type}`} prompt={prompt} messages={messages ?? {}} answer={answer} />
  )
}
