// @vitest-environment node
import { testConversation } from './conversation.ts'

testConversation()
