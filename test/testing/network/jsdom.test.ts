// @vitest-environment jsdom
import { testConversation } from './conversation.ts'

testConversation()
