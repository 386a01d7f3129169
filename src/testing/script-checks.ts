import { isRecord } from '../core/claims.ts'

// What a script may be given, where no compiler looks.

export function isPersonOrNobody(person: unknown): boolean {
  return person === undefined || person === null || (isRecord(person) && typeof person.name === 'string')
}

export function isStepUpScript(script: unknown): boolean {
  if (isRecord(script)) return 'prompt' in script || 'deny' in script
  return typeof script === 'function' || ['grant', 'prompt', 'cancel', 'deny'].includes(String(script))
}

/** What to say where it is none. */
export const personWanted = 'a person is an object with a name, such as { name: "Josh" }'
export const stepUpWanted =
  '`stepUp` must be grant, prompt, cancel, deny, { prompt: … }, { deny: … }, or a function that returns one'
