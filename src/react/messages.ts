import type { Account } from '../core/account.ts'
import type { Prompt } from '../core/machine/prompts.ts'

/** Every text that this package shows. A text about a person or a prompt is a function of it. */
export interface Messages {
  /** A BCP 47 tag: the `lang` of what is shown. */
  readonly lang: string
  /** The direction of the text. */
  readonly dir: 'ltr' | 'rtl'
  /** The texts of the prompts, for each type of prompt. */
  readonly prompts: PromptMessages
  /** What an action is called, by its name, in the prompt of a step-up that says no more: `Approve a payment`. */
  readonly actions: Readonly<Record<string, string>>
  /** The texts of `<SwitchAccountLink>`, and what `<AccountChooser>` says after a switch. */
  readonly switchAccount: SwitchMessages
  /** The other texts of `<AccountChooser>`. */
  readonly chooser: ChooserMessages
}

/** Texts that replace the English ones. Each may be left out. */
export type OwnMessages = Partial<Pick<Messages, 'lang' | 'dir' | 'actions'>> & {
  readonly [Group in 'prompts' | 'switchAccount' | 'chooser']?: Partial<Messages[Group]>
}

/** The texts of one prompt. A button without a text is not shown; `cancel` is always there. */
export interface PromptText {
  /** The heading of the dialog, which screen readers read as its name. */
  readonly title: string
  /** What the person is to do, below the heading and what is approved. Screen readers read it again when it changes. */
  readonly text: string
  /** The button that goes on: opens or shows the popup, or leaves for the OP. */
  readonly continue?: string
  /** The button for the other person: see `PromptAnswer`. */
  readonly switch?: string
  /** The button that leaves everything as it is. It comes first and has the focus; Escape does the same. */
  readonly cancel: string
}

/** For each type of prompt a function of the prompt. */
export type PromptMessages = {
  readonly [Type in Prompt['type']]: (prompt: Extract<Prompt, { type: Type }>) => PromptText
}

/** The texts of `<SwitchAccountLink>`. */
export interface SwitchMessages {
  /** Says who is signed in, before the button: `Hi Josh.` */
  readonly greeting: (account: Account) => string
  /** The button that lets another person sign in: `Not you?` */
  readonly notYou: string
  /** Shown after a switch that ended with the same person. */
  readonly same: (account: Account) => string
  /** Shown after a switch that failed. A cancelled one shows nothing. */
  readonly failed: string
}

/** The texts of `<AccountChooser>`. */
export interface ChooserMessages {
  /** The heading above the accounts. */
  readonly title: string
  /** Shown beside the account that is signed in. */
  readonly current: string
  /** The button that signs in another account. */
  readonly other: string
  /** The label of the button that forgets one account. */
  readonly forget: (account: Account) => string
  /** The button that forgets every account that this browser remembers. It is shown only where there are some. */
  readonly forgetAll: string
}
