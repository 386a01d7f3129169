import { expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { version } from '../../src/devtools/version.ts'

it('the version that a report names is the package’s', () => {
  expect(version).toBe(manifest.version)
})
