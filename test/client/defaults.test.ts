import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { defaults } from '../../src/client/defaults.ts'

const read = (file: string): string =>
  readFileSync(new URL(`../../src/client/${file}`, import.meta.url), 'utf8')

/** What the docstring before this member calls its default. */
function documented(file: string, member: string): string | undefined {
  const [before] = read(file).split(new RegExp(`^ +(?:readonly )?${member}\\b`, 'm'))
  const docstring = before?.slice(before.lastIndexOf('/**')).replace(/\s*\n\s*\*\s*/g, ' ') ?? ''
  return /[Dd]efault: (?:`([^`]+)`|(\w+))/.exec(docstring)?.slice(1).find(Boolean)
}

it.each([
  ['options.ts', 'scope', defaults.scope],
  ['options.ts', 'callbackUrl', defaults.callbackUrl],
  ['options.ts', 'interaction', `['${defaults.interaction.join("', '")}']`],
  ['options.ts', 'storage', defaults.storage],
  ['options.ts', 'tabs', defaults.tabs],
  ['options.ts', 'idTokenSignature', defaults.idTokenSignature],
  ['options.ts', 'dpop', defaults.dpop],
  ['options.ts', 'session', defaults.warnBefore],
  ['options.ts', 'rememberAccounts', defaults.rememberAccounts],
  ['options.ts', 'clockSkew', defaults.clockSkew],
  ['options.ts', 'timeLimit', defaults.timeLimit],
  ['auth-client.ts', 'minValidity', defaults.minValidity],
  ['step-up/trigger-options.ts', 'action', defaults.triggerAction],
])('the docstring in %s of %s names the default that is used', (file, member, value) => {
  expect(documented(file, member)).toBe(String(value))
})
