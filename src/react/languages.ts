export { english } from './english.ts'
export { german } from './german.ts'
export { japanese } from './japanese.ts'
export type {
  ChooserMessages,
  Messages,
  OwnMessages,
  PromptMessages,
  PromptText,
  SwitchMessages,
} from './messages.ts'
