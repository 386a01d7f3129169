import { selectPrompt } from '../core/machine/prompts.ts'
import { entryAfterVisit } from './come-back.ts'
import type { TestPerson } from './script.ts'
import { seedSession } from './seed.ts'
import { settle } from './settle.ts'
import type { TestPendingStepUp } from './test-client.ts'
import { openTab, type Surroundings } from './test-tab.ts'

/**
 * Plays the page before this one: it begins the step-up and leaves for the OP, where the person signs in.
 *
 * @returns what the page after that finds in its sessionStorage, as an entry
 * @throws what `client.stepUp` throws
 */
export async function leaveForStepUp(
  { world, director, start }: Surroundings,
  person: TestPerson,
  { action, ...options }: TestPendingStepUp,
): Promise<ReturnType<typeof entryAfterVisit>> {
  const before = openTab(world, { ...start, options: { ...start.options, interaction: ['redirect'] } })
  const { client } = before
  seedSession(world, before.parts, person)
  // What leaves has been asked for a login, whatever becomes of the proof.
  world.script.stepUp = request => {
    const decision = director.decide(request)
    return decision === 'grant' || decision === 'cancel' ? 'prompt' : decision
  }
  const left = client.stepUp(action, options)
  await Promise.race([left, settle(world)])
  world.script.stepUp = director.decide
  const prompt = selectPrompt(client.store.getState())
  if (prompt) client.answerPrompt(prompt.id, 'continue')
  await Promise.race([left, settle(world)])
  const entry = entryAfterVisit(world, before, null)
  before.unload()
  await settle(world)
  world.requests.length = 0
  return entry
}
