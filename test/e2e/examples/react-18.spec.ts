import { react18 } from './apps.ts'
import { testApp } from './story.ts'

testApp(react18)
