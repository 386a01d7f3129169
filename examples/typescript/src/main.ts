import { client } from './client.ts'
import { showPrompts } from './prompts.ts'
import { showSession } from './session.ts'

showSession()
showPrompts()
client.mount()
