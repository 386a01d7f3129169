'use client'
import { useStore } from 'zustand'
import { type Prompt, selectPrompt } from '../core/machine/prompts.ts'
import { useAuthClient } from './AuthProvider.tsx'

/**
 * What to ask the person now, or null: for apps that draw their own prompts instead of `<AuthPrompts>`. Answer it with
 * `client.answerPrompt(prompt.id, answer)`.
 */
export function usePrompt(): Prompt | null {
  return useStore(useAuthClient().store, selectPrompt)
}
