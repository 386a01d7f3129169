// @vitest-environment happy-dom
import { testConversation } from './conversation.ts'

testConversation()
