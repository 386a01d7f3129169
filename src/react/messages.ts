import type { Account } from '../core/account.ts'
import type { Prompt } from '../core/machine/prompts.ts'

/** Every word that this package shows, as functions of what it is about. */
export interface Messages {
  /** BCP 47; the `lang` of what is shown. */
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
  readonly prompts: PromptMessages
  readonly switchAccount: SwitchMessages
  readonly chooser: ChooserMessages
}

/** Words that replace the English ones, each by itself. */
export type OwnMessages = Partial<Pick<Messages, 'lang' | 'dir'>> & {
  readonly [Group in 'prompts' | 'switchAccount' | 'chooser']?: Partial<Messages[Group]>
}

/** The words of one prompt. A button without words is not shown. */
export interface PromptText {
  readonly title: string
  readonly text: string
  readonly continue?: string
  readonly switch?: string
  readonly cancel: string
}

export type PromptMessages = {
  readonly [Type in Prompt['type']]: (prompt: Extract<Prompt, { type: Type }>) => PromptText
}

export interface SwitchMessages {
  readonly greeting: (account: Account) => string
  readonly notYou: string
  /** After a switch that ended with the same person. */
  readonly same: (account: Account) => string
  readonly failed: string
}

export interface ChooserMessages {
  readonly title: string
  /** Beside the account that is signed in. */
  readonly current: string
  readonly other: string
  readonly forget: (account: Account) => string
  readonly forgetAll: string
}
