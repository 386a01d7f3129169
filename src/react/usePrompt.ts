'use client'
import { useStore } from 'zustand'
import { type Prompt, selectPrompt } from '../core/machine/prompts.ts'
import { useAuthClient } from './AuthProvider.tsx'

/**
 * Gives what to ask the person now, or null. It is for apps that draw their own prompts instead of `<AuthPrompts>`.
 * Answer the prompt with `client.answerPrompt(prompt.id, answer)`.
 *
 * @throws `ConfigurationError` outside an `<AuthProvider>`
 */
export function usePrompt(): Prompt | null {
  return useStore(useAuthClient().store, selectPrompt)
}
