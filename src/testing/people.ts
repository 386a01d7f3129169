import { defined } from '../core/defined.ts'
import type { TestPerson } from './script.ts'

/** What identifies the person at the OP: `sub`, or else the name in small letters. */
export function subOf({ name, sub = name.toLowerCase() }: TestPerson): string {
  return sub
}

/** The claims about who the person is. @see OpenID Connect Core 1.0 §5.1 */
export function profileOf(person: TestPerson): Readonly<Record<string, unknown>> {
  const { name, email, picture } = person
  return { sub: subOf(person), ...defined({ name, email, picture }) }
}
