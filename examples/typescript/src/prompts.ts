import { type Prompt, type PromptAnswer, selectPrompt } from 'afresh/client'
import { english, type PromptText } from 'afresh/messages'
import { client } from './client.ts'
import { find } from './page.ts'

/** Asks the person in a dialog whatever the client has to ask. Your own words can take the place of `english`. */
export function showPrompts(): void {
  const dialog = find<HTMLDialogElement>('#prompt')
  const buttons = [...dialog.querySelectorAll('button')]
  const answer = (choice: PromptAnswer): void => {
    const prompt = selectPrompt(client.store.getState())
    if (prompt) client.answerPrompt(prompt.id, choice)
  }
  // Inside the click, or the browser blocks the popup.
  for (const button of buttons) button.addEventListener('click', () => answer(button.value as PromptAnswer))
  // Escape.
  dialog.addEventListener('cancel', () => answer('cancel'))

  client.store.subscribe((state, former) => {
    const prompt = selectPrompt(state)
    if (prompt === selectPrompt(former)) return
    if (!prompt) return dialog.close()
    const text = wordsFor(prompt)
    find('h2', dialog).textContent = text.title
    find('p', dialog).textContent = text.text
    for (const button of buttons) {
      const label = text[button.value as PromptAnswer]
      button.hidden = label === undefined
      button.textContent = label ?? ''
    }
    if (!dialog.open) dialog.showModal()
  })
}

/** Each text takes its own type of prompt, which TypeScript cannot follow through the lookup. */
function wordsFor(prompt: Prompt): PromptText {
  const words = english.prompts[prompt.type] as (prompt: Prompt) => PromptText
  return words(prompt)
}
