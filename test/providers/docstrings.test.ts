import type { ProviderProfile } from 'afresh/providers'
import * as profiles from 'afresh/providers'
import { expect, it } from 'vitest'
import { docstringOf, functions } from './pages.ts'

it('every vendor’s profile is among them', () => {
  expect(functions.map(({ name }) => name)).toEqual(expect.arrayContaining(['auth0', 'generic', 'zitadel']))
})

// No vendor stands behind `generic`.
it.each(functions.filter(({ name }) => name !== 'generic'))(
  '$name() says what is documented, what is not, what to set up, and where to look it up',
  async profile => {
    const docstring = await docstringOf(profile)
    for (const paragraph of [/^Documented\b/m, /^Not documented\b.*:/m, /^To set up\b.*:/m, /^@see \w/m])
      expect(docstring).toMatch(paragraph)
  },
)

const make: Readonly<Record<string, () => ProviderProfile>> = profiles
const silent = functions.filter(({ name }) => {
  const { localIdp, noStepUp } = make[name]?.() ?? {}
  return localIdp === undefined && noStepUp === undefined && name !== 'generic'
})
it.each(silent)('$name() says why it has no localIdp', async profile => {
  expect((await docstringOf(profile)).replaceAll('\n', ' ')).toMatch(/no `localIdp`/)
})
