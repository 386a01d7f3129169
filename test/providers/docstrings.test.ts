import { readFile } from 'node:fs/promises'
import type { ProviderProfile } from 'afresh/providers'
import * as profiles from 'afresh/providers'
import { expect, it } from 'vitest'
import { exportsOf } from '../rooms/exports.ts'

const functions = exportsOf('src/providers/index.ts').filter(({ name }) => /^[a-z]/.test(name))

/** The docstring in front of a function, without its stars. */
async function docstringOf(name: string, file: string): Promise<string> {
  const [before = ''] = (await readFile(file, 'utf8')).split(`export function ${name}(`)
  return before.slice(before.lastIndexOf('/**')).replace(/^ \* ?/gm, '')
}

it('every vendor’s profile is among them', () => {
  expect(functions.map(({ name }) => name)).toEqual(expect.arrayContaining(['auth0', 'generic', 'zitadel']))
})

// No vendor stands behind `generic`.
it.each(functions.filter(({ name }) => name !== 'generic'))(
  '$name() says what is documented, what is not, what to set up, and where to look it up',
  async ({ name, file }) => {
    const docstring = await docstringOf(name, file)
    for (const paragraph of [/^Documented\b/m, /^Not documented\b.*:/m, /^To set up\b.*:/m, /^@see \w/m])
      expect(docstring).toMatch(paragraph)
  },
)

const make: Readonly<Record<string, () => ProviderProfile>> = profiles
const silent = functions.filter(({ name }) => {
  const { localIdp, noStepUp } = make[name]?.() ?? {}
  return localIdp === undefined && noStepUp === undefined && name !== 'generic'
})
it.each(silent)('$name() says why it has no localIdp', async ({ name, file }) => {
  expect((await docstringOf(name, file)).replaceAll('\n', ' ')).toMatch(/no `localIdp`/)
})
