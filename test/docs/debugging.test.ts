import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { anonymousReasons } from '../../src/core/machine/state.ts'
import { pathTo } from '../package/files.ts'

const page = readFileSync(pathTo('docs/guides/debugging.md'), 'utf8')
const events = readFileSync(pathTo('src/client/log-events.ts'), 'utf8').matchAll(/readonly type: '([^']+)'/g)

it.each([...events].map(([, type]) => type))('docs/guides/debugging.md explains the event %s', type => {
  expect(page).toContain(`\`${type}\``)
})

it.each(anonymousReasons)('docs/guides/debugging.md explains why no person is signed in: %s', reason => {
  expect(page).toContain(`\`${reason}\``)
})
