'use client'
import { type ReactElement, useId, useLayoutEffect, useRef } from 'react'
import type { Prompt, PromptAnswer } from '../core/machine/prompts.ts'
import type { StepUpDisplay } from '../core/step-up-display.ts'
import { useAuthClient } from './AuthProvider.tsx'
import type { Messages, PromptText } from './messages.ts'
import { useMessages } from './useMessages.ts'
import { usePrompt } from './usePrompt.ts'

/** The prompt that is on screen, if there is one: what `<AuthPrompts>` loads. */
export function Prompts(): ReactElement | null {
  const prompt = usePrompt()
  return prompt && <PromptDialog key={`${prompt.id} ${prompt.type}`} prompt={prompt} />
}

/** Shows one prompt as a modal dialog. */
function PromptDialog({ prompt }: { prompt: Prompt }): ReactElement {
  const client = useAuthClient()
  const { lang, dir, prompts, actions } = useMessages()
  // Each text takes its own type of prompt, which TypeScript cannot follow through the lookup.
  const words = prompts[prompt.type] as (prompt: Prompt) => PromptText
  const text = words(prompt)
  const display = displayOf(prompt, actions)
  const answer = (choice: PromptAnswer): void => client.answerPrompt(prompt.id, choice)
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  // The cleanup of a layout effect runs while the dialog is still in the page, so closing it gives the focus back.
  useLayoutEffect(() => (dialog.current ? showModal(dialog.current) : undefined), [])
  // A button that is removed takes the focus with it.
  useLayoutEffect(() => {
    const element = dialog.current
    if (!element?.contains(document.activeElement)) element?.querySelector('button')?.focus()
  })
  const answerButton = (choice: PromptAnswer): ReactElement | null =>
    text[choice] === undefined ? null : (
      <button type="button" data-answer={choice} onClick={() => answer(choice)}>
        {text[choice]}
      </button>
    )
  return (
    <dialog
      ref={dialog}
      className="afresh-prompt"
      lang={lang}
      dir={dir}
      data-prompt={prompt.type}
      aria-labelledby={`${id}title`}
      aria-describedby={display ? `${id}display ${id}text` : `${id}text`}
      onCancel={event => {
        // Escape. The prompt is removed when the state machine says so.
        event.preventDefault()
        answer('cancel')
      }}
    >
      <h2 id={`${id}title`}>{text.title}</h2>
      {display && <Display id={`${id}display`} display={display} />}
      <p id={`${id}text`} aria-live="polite">
        {text.text}
      </p>
      {/* The safe button first: it gets the focus. */}
      <footer>
        {answerButton('cancel')}
        {answerButton('switch')}
        {answerButton('continue')}
      </footer>
    </dialog>
  )
}

/** What the person approves; null where that is not said. */
function displayOf(prompt: Prompt, actions: Messages['actions']): StepUpDisplay | null {
  if (prompt.type !== 'step_up' && prompt.type !== 'step_up_unmet') return null
  const { action, display } = prompt
  if (display) return display
  const title = action !== null && Object.hasOwn(actions, action) ? actions[action] : undefined
  return title === undefined ? null : { title }
}

/** Texts of the app or of its backend. Each keeps its own direction, so that it changes none around it. */
function Display({
  id,
  display: { title, facts = {} },
}: {
  id: string
  display: StepUpDisplay
}): ReactElement {
  const lines = Object.entries(facts)
  return (
    <div id={id} className="afresh-display">
      <strong dir="auto">{title}</strong>
      {lines.length > 0 && (
        <dl>
          {lines.map(([name, value]) => (
            <div key={name}>
              <dt dir="auto">{name}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  )
}

/** Returns what closes it. jsdom, in which apps are tested, has the element but not its methods. */
function showModal(dialog: HTMLDialogElement): () => void {
  if (typeof dialog.showModal !== 'function') {
    dialog.open = true
    return () => {
      dialog.open = false
    }
  }
  dialog.showModal()
  return () => dialog.close()
}
