// @vitest-environment jsdom
import { tellOfMisuse } from './stories/misuse.ts'
import { tellOfSessions } from './stories/session.ts'
import { tellOfStepUps } from './stories/step-up.ts'
import { endEachTest } from './stories/support.ts'
import { tellOfTheWorld } from './stories/world.ts'

endEachTest()
tellOfSessions()
tellOfStepUps()
tellOfTheWorld()
tellOfMisuse()
