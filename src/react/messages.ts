import type { Account } from '../core/account.ts'
import type { Prompt } from '../core/machine/prompts.ts'

/** Every text that this package shows. A text about a person or a prompt is a function of it. */
export interface Messages {
  /** A BCP 47 tag: the `lang` of what is shown. */
  readonly lang: string
  /** The direction of the text. */
  readonly dir: 'ltr' | 'rtl'
  readonly prompts: PromptMessages
  /** What an action is called, by its name, in the prompt of a step-up that says no more: `Approve a payment`. */
  readonly actions: Readonly<Record<string, string>>
  readonly switchAccount: SwitchMessages
  readonly chooser: ChooserMessages
}

/** Texts that replace the English ones. Each may be left out. */
export type OwnMessages = Partial<Pick<Messages, 'lang' | 'dir' | 'actions'>> & {
  readonly [Group in 'prompts' | 'switchAccount' | 'chooser']?: Partial<Messages[Group]>
}

/** The texts of one prompt. A button without a text is not shown; `cancel` is always there. */
export interface PromptText {
  readonly title: string
  readonly text: string
  readonly continue?: string
  readonly switch?: string
  readonly cancel: string
}

/** For each type of prompt a function of the prompt. */
export type PromptMessages = {
  readonly [Type in Prompt['type']]: (prompt: Extract<Prompt, { type: Type }>) => PromptText
}

/** The texts of `<SwitchAccountLink>`. */
export interface SwitchMessages {
  readonly greeting: (account: Account) => string
  readonly notYou: string
  /** Shown after a switch that ended with the same person. */
  readonly same: (account: Account) => string
  /** Shown after a switch that failed. A cancelled one shows nothing. */
  readonly failed: string
}

/** The texts of `<AccountChooser>`. */
export interface ChooserMessages {
  readonly title: string
  /** Shown beside the account that is signed in. */
  readonly current: string
  /** The button that signs in another account. */
  readonly other: string
  /** The label of the button that forgets one account. */
  readonly forget: (account: Account) => string
  readonly forgetAll: string
}
