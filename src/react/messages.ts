import type { Account } from '../core/account.ts'
import type { Prompt } from '../core/machine/prompts.ts'

/**
 * Every text that this package shows. A text that is about a person or a prompt is a function of that person or prompt.
 */
export interface Messages {
  /** The language of the texts, as a BCP 47 tag. It becomes the `lang` of what is shown. */
  readonly lang: string
  /** The direction of the text. */
  readonly dir: 'ltr' | 'rtl'
  /** The texts of the prompts, for each type of prompt. */
  readonly prompts: PromptMessages
  /**
   * The names of actions, such as `Approve a payment`, by the name of the policy. They are shown in the prompt of a
   * step-up that has no `describe` and no words of the backend.
   */
  readonly actions: Readonly<Record<string, string>>
  /** The texts of `<SwitchAccountLink>`, and what `<AccountChooser>` says after a switch. */
  readonly switchAccount: SwitchMessages
  /** The other texts of `<AccountChooser>`. */
  readonly chooser: ChooserMessages
}

/** Texts that replace the English ones. Each text may be left out. */
export type OwnMessages = Partial<Pick<Messages, 'lang' | 'dir' | 'actions'>> & {
  readonly [Group in 'prompts' | 'switchAccount' | 'chooser']?: Partial<Messages[Group]>
}

/** The texts of one prompt. A button without a text is not shown; `cancel` is always there. */
export interface PromptText {
  /** The heading of the dialog. Screen readers read it as the dialog's name. */
  readonly title: string
  /**
   * What the person is to do. It stands below the heading and below what is approved. Screen readers read it again when
   * it changes.
   */
  readonly text: string
  /** The button that goes on: it opens or shows the popup, or the page leaves for the OP. Default: no such button. */
  readonly continue?: string
  /** The button for the other person: see `PromptAnswer`. Default: no such button. */
  readonly switch?: string
  /** The button that leaves everything as it is. It comes first and has the focus. Escape does the same. */
  readonly cancel: string
}

/** A function for each type of prompt. It gets the prompt and returns the texts. */
export type PromptMessages = {
  readonly [Type in Prompt['type']]: (prompt: Extract<Prompt, { type: Type }>) => PromptText
}

/** The texts of `<SwitchAccountLink>`. */
export interface SwitchMessages {
  /**
   * Says who is signed in, before the button: `Hi Josh.`
   *
   * @param account the account that is signed in
   */
  readonly greeting: (account: Account) => string
  /** The button that lets another person sign in: `Not you?` */
  readonly notYou: string
  /**
   * Shown after a switch that ended with the same person.
   *
   * @param account the account that is signed in
   */
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
  /**
   * The label of the button that forgets one account.
   *
   * @param account the account that is forgotten
   */
  readonly forget: (account: Account) => string
  /** The button that forgets every account that this browser remembers. It is shown only if there are any. */
  readonly forgetAll: string
}
