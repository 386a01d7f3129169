// What is loaded when something of this package is first shown: one chunk.
export { Prompts } from './prompts.tsx'
export { AccountChooser, SwitchAccountLink } from './switching.tsx'
