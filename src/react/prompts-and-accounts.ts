// What is loaded when something of this package is first shown: one chunk.

export { AccountChooser, SwitchAccountLink } from './account-components.tsx'
export { Prompts } from './prompts.tsx'
