import { reactVite } from './apps.ts'
import { testApp } from './story.ts'

testApp(reactVite)
