'use client'
import { useStore } from 'zustand'
import { type Prompt, selectPrompt } from '../core/machine/prompts.ts'
import { useAuthClient } from './AuthProvider.tsx'

/** What to ask the person now, or null; for those who draw their own instead of `<AuthPrompts>`. */
export function usePrompt(): Prompt | null {
  return useStore(useAuthClient().store, selectPrompt)
}
