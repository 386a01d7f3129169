import { typescript } from './apps.ts'
import { testApp } from './story.ts'

testApp(typescript)
