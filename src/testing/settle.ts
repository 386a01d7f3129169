import { nextTurn } from './event-loop.ts'
import { refuse } from './test-options.ts'
import type { World } from './world.ts'

/** How many turns of the event loop in a row must bring nothing, until nothing is under way. */
const calmTurns = 15
/** How many turns tell whether a timer has begun anything. */
const momentTurns = 3
/** How many turns all have together for what may never come. A test may hold an answer back on purpose. */
const patientTurns = 100
/** How many turns all may take together: a part of a second. */
const allTurns = 1000

/**
 * Resolves when nothing is under way but what waits for the clock, for a person, or for the app's backend for long. No
 * time has to pass for that: it takes turns of the event loop until nothing happens any more.
 *
 * @throws {ConfigurationError} when there is no end to it; and what a function of the test's has thrown meanwhile
 */
export async function settle(world: World): Promise<void> {
  await world.loaded
  let patience = patientTurns
  let turns = 0
  for (let calm = 0; calm < calmTurns; calm++) {
    if (++turns > allTurns) refuse('the app never comes to rest: does it send a request after each answer?')
    const before = world.happenings
    // Timers that are due by now, by a clock that does not move.
    const ran = world.clock.runDue()
    await turn()
    const isPatient = world.waitingForOthers > 0 && patience-- > 0
    if (ran || isPatient || world.waitingForScript > 0 || world.happenings !== before) calm = -1
  }
  const mistakes = world.mistakes.splice(0)
  if (mistakes.length > 0) throw mistakes[0]
}

/**
 * The same for one moment of the clock. Most timers only look, so that a few turns tell; an hour of a clock that ticks each
 * second is a matter of seconds then.
 */
export async function settleMoment(world: World): Promise<void> {
  const before = world.happenings
  world.clock.runDue()
  for (let turns = 0; turns < momentTurns; turns++) await turn()
  if (world.happenings !== before || world.waitingForScript > 0) await settle(world)
}

/** One turn. What Web Crypto and `import()` had under way before comes first, as a rule, since this goes the same ways. */
async function turn(): Promise<void> {
  await crypto.subtle.digest('SHA-256', new Uint8Array())
  await nextTurn()
}
